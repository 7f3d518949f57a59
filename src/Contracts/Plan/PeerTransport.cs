namespace RtpCluster.Contracts;

/// <summary>Where an ICE candidate comes from (RFC 8445 section 5.1.1).</summary>
public enum IceCandidateType : byte
{
    /// <summary>An address of the remote's own interface.</summary>
    Host,

    /// <summary>What a STUN server saw.</summary>
    ServerReflexive,

    /// <summary>What we saw in a check.</summary>
    PeerReflexive,

    /// <summary>A relay's address.</summary>
    Relay,
}

/// <summary>One address that a remote may be reached at (RFC 8839 section 5.1).</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Priority">The remote's priority.</param>
/// <param name="Type">Where it comes from.</param>
public readonly record struct IceCandidatePlan(NetEndpoint Endpoint, uint Priority, IceCandidateType Type);

/// <summary>What the ICE agent of one stream (one component) works with, RFC 8445. Another ufrag on either side is a restart.</summary>
public sealed record IcePlan
{
    /// <summary>Our user fragment.</summary>
    public required string LocalUfrag { get; init; }

    /// <summary>Our password. Secret.</summary>
    public required string LocalPassword { get; init; }

    /// <summary>The remote's user fragment; empty: not known yet, its checks are answered all the same.</summary>
    public string RemoteUfrag { get; init; } = "";

    /// <summary>The remote's password; empty: not known yet. Secret.</summary>
    public string RemotePassword { get; init; } = "";

    /// <summary>1: RTP, or both with rtcp-mux. 2: RTCP.</summary>
    public byte Component { get; init; } = 1;

    /// <summary>We nominate: true where our SDP was the offer, or the remote is lite.</summary>
    public bool Controlling { get; init; }

    /// <summary>Settles role conflicts; the same in all agents of a call.</summary>
    public ulong TieBreaker { get; init; }

    /// <summary>We are ICE-lite: no checks of our own (RFC 8445 section 2.5).</summary>
    public bool Lite { get; init; }

    /// <summary>The remote has no more candidates to come.</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>The remote's candidates of this component that have an address; at most 100 count.</summary>
    public IceCandidatePlan[] Candidates { get; init; } = [];

    /// <summary>Names the fragments only, so that a stray log line leaks no password.</summary>
    public override string ToString() => $"{LocalUfrag}:{RemoteUfrag}";
}

/// <summary>Who sends the ClientHello.</summary>
public enum DtlsRole : byte
{
    /// <summary>The remote: we are the DTLS server.</summary>
    Passive,

    /// <summary>We are the DTLS client.</summary>
    Active,
}

/// <summary>A DTLS association that gives one stream its SRTP keys (RFC 5763, RFC 5764).</summary>
public sealed record DtlsPlan
{
    /// <summary>Counts up with each association of the stream: another number is a new handshake.</summary>
    public required int Association { get; init; }

    /// <summary>Our role.</summary>
    public DtlsRole Role { get; init; }

    /// <summary>Hash of <see cref="Fingerprint"/> as in SDP ("sha-256"); empty: the remote's SDP is not known yet, nothing is decided.</summary>
    public string FingerprintHash { get; init; } = "";

    /// <summary>The remote's certificate fingerprint: whoever has another one is refused.</summary>
    public byte[] Fingerprint { get; init; } = [];

    /// <summary>Our certificate and key; null: the keys are agreed already and no handshake is to come.</summary>
    public DtlsCertificate? Certificate { get; init; }

    /// <summary>Names the role only.</summary>
    public override string ToString() => $"{Role} {Association}";
}

/// <summary>A self-signed certificate with its private key. The key is secret: never logged.</summary>
public sealed record DtlsCertificate
{
    /// <summary>The X.509 certificate, DER.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>The private key, PKCS#8 DER.</summary>
    public required byte[] PrivateKey { get; init; }

    /// <summary>Value equality over the certificate.</summary>
    public bool Equals(DtlsCertificate? other) => other is not null && Certificate.AsSpan().SequenceEqual(other.Certificate);

    /// <inheritdoc/>
    public override int GetHashCode() => Certificate.Length < 4 ? 0 : BitConverter.ToInt32(Certificate, Certificate.Length - 4);

    /// <summary>Says nothing.</summary>
    public override string ToString() => "certificate";
}
