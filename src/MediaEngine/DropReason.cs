namespace RtpCluster.MediaEngine;

/// <summary>
/// Why a packet, or one copy of it, went no further. The numbers are the same here, in the kernel and in the metrics; they are never reused.
/// </summary>
public enum DropReason : byte
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>The port belongs to no stream (any more).</summary>
    UnknownPort = 1,

    /// <summary>The call drops everything (ng drop-traffic).</summary>
    DropTraffic = 2,

    /// <summary>Empty, or too short for what the stream carries.</summary>
    TooShort = 3,

    /// <summary>Neither RTP nor RTCP where only those can go.</summary>
    NotRtp = 4,

    /// <summary>Seen a moment ago on a stream whose remote is one of our own addresses.</summary>
    Loop = 5,

    /// <summary>SRTP or SRTCP authentication failed.</summary>
    SrtpAuthentication = 6,

    /// <summary>SRTP or SRTCP index seen before, or older than the replay window.</summary>
    SrtpReplay = 7,

    /// <summary>Too short for its tag, or otherwise no SRTP.</summary>
    SrtpMalformed = 8,

    /// <summary>The source is not the one that strict-source allows.</summary>
    StrictSource = 9,

    /// <summary>Nobody subscribes to the stream.</summary>
    NoOutput = 10,

    /// <summary>The sender may not send (SDP direction).</summary>
    SendNotAllowed = 11,

    /// <summary>The receiver does not want to receive (SDP direction).</summary>
    ReceiveNotAllowed = 12,

    /// <summary>The receiver has no usable address yet, or is on hold with 0.0.0.0.</summary>
    NoEndpoint = 13,

    /// <summary>NAT-wait: the receiver has not sent anything yet.</summary>
    NatWait = 14,

    /// <summary>Blocked by block media.</summary>
    Blocked = 15,

    /// <summary>Silenced, and the codec has no silence pattern.</summary>
    Silenced = 16,

    /// <summary>A telephone-event blocked by block DTMF.</summary>
    DtmfBlocked = 17,

    /// <summary>Shorter than the codec's nominal frame (block-short-packets).</summary>
    ShortPayload = 18,

    /// <summary>An RTCP compound that held only AVPF feedback, for an AVP receiver.</summary>
    FeedbackStripped = 19,

    /// <summary>Longer than an output slot holds.</summary>
    TooLarge = 20,

    /// <summary>Encryption failed.</summary>
    ProtectFailed = 21,

    /// <summary>More SSRCs than one set of keys may protect.</summary>
    SsrcLimit = 22,

    /// <summary>Refused by a rate limit in front of the pipeline.</summary>
    RateLimited = 23,

    /// <summary>The kernel refused to send it: no route, a full queue, too long.</summary>
    SendFailed = 24,

    /// <summary>Came from an address that ICE has not found valid.</summary>
    NoIcePair = 25,

    /// <summary>The stream's DTLS handshake has given no keys yet.</summary>
    NoKeys = 26,

    /// <summary>Too many STUN and DTLS packets wait already.</summary>
    TransportBusy = 27,

    /// <summary>A retransmission of a packet that is not missing, or padding that probes the path.</summary>
    NotMissed = 28,
}
