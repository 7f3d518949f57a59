using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel;

/// <summary>A candidate of a remote.</summary>
/// <param name="Component">1: RTP, 2: RTCP.</param>
/// <param name="Endpoint">Its address.</param>
/// <param name="Priority">The remote's priority.</param>
/// <param name="Type">Where it comes from.</param>
public readonly record struct RemoteCandidate(int Component, NetEndpoint Endpoint, uint Priority, IceCandidateType Type);

/// <summary>ICE of one media toward its remote. Immutable; the passwords are secret.</summary>
public sealed record MediaIce
{
    /// <summary>Our user fragment.</summary>
    public required string LocalUfrag { get; init; }

    /// <summary>Our password.</summary>
    public required string LocalPassword { get; init; }

    /// <summary>The remote's user fragment; empty: no SDP of the remote yet.</summary>
    public string RemoteUfrag { get; init; } = "";

    /// <summary>The remote's password.</summary>
    public string RemotePassword { get; init; } = "";

    /// <summary>We nominate.</summary>
    public bool Controlling { get; init; }

    /// <summary>We are ICE-lite toward this remote.</summary>
    public bool Lite { get; init; }

    /// <summary>Words that our next SDP prints in a=ice-options.</summary>
    public IceOptionsAttribute Options { get; init; }

    /// <summary>The remote has no more candidates to come.</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>The remote's candidates.</summary>
    public RemoteCandidate[] Candidates { get; init; } = [];
}

/// <summary>DTLS-SRTP of one media toward its remote. Immutable.</summary>
public sealed record MediaDtls
{
    /// <summary>Counts up with each association.</summary>
    public int Association { get; init; } = 1;

    /// <summary>What our SDP says: actpass in offers, then the role.</summary>
    public SdpSetup Setup { get; init; } = SdpSetup.ActPass;

    /// <summary>Hash of the remote's fingerprint; empty: no SDP of the remote yet.</summary>
    public string RemoteHash { get; init; } = "";

    /// <summary>The remote's fingerprint.</summary>
    public byte[] RemoteFingerprint { get; init; } = [];

    /// <summary>The remote's association id; null: it gave none.</summary>
    public string? RemoteTlsId { get; init; }

    /// <summary>Our association id.</summary>
    public required string TlsId { get; init; }

    /// <summary>The hash that our SDP uses.</summary>
    public string Hash { get; init; } = "sha-256";

    /// <summary>Keys of the RTCP port of a media that does not mux: what the remote sends; null: not there.</summary>
    public SrtpKeys? RtcpDecrypt { get; init; }

    /// <summary>Keys of the RTCP port of a media that does not mux: what we send; null: not there.</summary>
    public SrtpKeys? RtcpEncrypt { get; init; }
}
