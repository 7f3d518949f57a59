using RtpCluster.Contracts;

namespace RtpCluster.Media.Ice;

/// <summary>Priorities of candidates and pairs, RFC 8445 sections 5.1.2 and 6.1.2.3.</summary>
public static class IcePriority
{
    private const int HostPreference = 126;
    private const int PeerReflexivePreference = 110;
    private const int ServerReflexivePreference = 100;
    private const int RelayPreference = 0;

    /// <summary>Priority of one of our candidates.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="index">Place of its address among ours, from 0.</param>
    /// <param name="component">1: RTP, 2: RTCP.</param>
    public static uint Of(IceCandidateType type, int index, int component) =>
        ((uint)Preference(type) << 24) | ((uint)(65535 - index) << 8) | (uint)(256 - component);

    /// <summary>Priority of a pair.</summary>
    /// <param name="controlling">Candidate priority of the controlling agent.</param>
    /// <param name="controlled">Candidate priority of the controlled agent.</param>
    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + (2UL * Math.Max(controlling, controlled)) + (controlling > controlled ? 1UL : 0);

    private static int Preference(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => HostPreference,
        IceCandidateType.PeerReflexive => PeerReflexivePreference,
        IceCandidateType.ServerReflexive => ServerReflexivePreference,
        _ => RelayPreference,
    };
}
