using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Transports;

/// <summary>A STUN or DTLS packet that leaves.</summary>
/// <param name="Reactor">The reactor that owns the port.</param>
/// <param name="Local">Our port.</param>
/// <param name="Remote">Where to.</param>
/// <param name="Bytes">The packet.</param>
/// <param name="Tos">IP TOS or traffic class.</param>
public readonly record struct TransportDatagram(int Reactor, NetEndpoint Local, NetEndpoint Remote, byte[] Bytes, byte Tos);

/// <summary>What ICE and DTLS have found out about a stream: complete, replaces what was said before.</summary>
public sealed record TransportChange
{
    /// <summary>The reactor that owns the call.</summary>
    public required int Reactor { get; init; }

    /// <summary>The call.</summary>
    public required CallId CallId { get; init; }

    /// <summary>The stream.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>ICE is in use: the three below count.</summary>
    public bool UsesIce { get; init; }

    /// <summary>Where media goes; none: nowhere.</summary>
    public NetEndpoint Remote { get; init; }

    /// <summary>The port it leaves from.</summary>
    public int Local { get; init; }

    /// <summary>Where media may come from.</summary>
    public NetEndpoint[] Sources { get; init; } = [];

    /// <summary>Which DTLS association the keys are of.</summary>
    public int Association { get; init; }

    /// <summary>Keys of what the remote sends; null: none found here.</summary>
    public SrtpKeys? Decrypt { get; init; }

    /// <summary>Keys of what we send; null: none found here.</summary>
    public SrtpKeys? Encrypt { get; init; }
}
