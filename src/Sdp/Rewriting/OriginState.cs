using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>Which parts of o= and s= are ours instead of the source's (ng <c>replace</c>; the numbers are those of the ng words).</summary>
[Flags]
public enum SdpReplace
{
    /// <summary>Copy everything.</summary>
    None = 0,

    /// <summary>The address: our first media's, kept from then on.</summary>
    Origin = 1,

    /// <summary>The name first printed stays.</summary>
    SessionName = 2,

    /// <summary>The version counts our own changes.</summary>
    SdpVersion = 4,

    /// <summary>The user name first printed stays.</summary>
    Username = 8,

    /// <summary>User name, session id and address first printed stay, and the version counts our own changes.</summary>
    OriginFull = 16,

    /// <summary>The version counts our printed bodies.</summary>
    ForceIncrementSdpVersion = 64,
}

/// <summary>What one participant was last told in o= and s=. Persisted with its monologue.</summary>
/// <param name="Printed">The o= line last printed.</param>
/// <param name="SessionName">The s= value last printed.</param>
/// <param name="Local">The address that <see cref="SdpReplace.Origin"/> first put into o=; none: not yet.</param>
/// <param name="BodyHash">Hash of the whole body last printed: tells whether the next one differs.</param>
public sealed record OriginState(SdpOrigin Printed, string SessionName, IpAddress Local, ulong BodyHash);
