namespace RtpCluster.MediaEngine.Transports;

/// <summary>What ICE and DTLS have counted since the start. Written by one thread, read by any.</summary>
public sealed class TransportCounters
{
    /// <summary>Handshakes that gave keys.</summary>
    public long HandshakesDone { get; internal set; }

    /// <summary>Handshakes that failed.</summary>
    public long HandshakesFailed { get; internal set; }

    /// <summary>Handshakes that were not begun because too many were half-open.</summary>
    public long HandshakesRefused { get; internal set; }

    /// <summary>Handshakes that run now.</summary>
    public int HalfOpen { get; internal set; }

    /// <summary>Streams whose ICE failed or lost consent.</summary>
    public long IceFailed { get; internal set; }

    /// <summary>STUN packets that were not authentic, and DTLS packets from an address without a valid pair.</summary>
    public long Refused { get; internal set; }
}
