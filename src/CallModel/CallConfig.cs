using RtpCluster.Contracts;

namespace RtpCluster.CallModel;

/// <summary>Where the statistics of each SSRC go in query and delete replies (option <c>ssrc-reporting</c>).</summary>
public enum SsrcReporting
{
    /// <summary>Inside the streams and in the global <c>SSRC</c> dictionary.</summary>
    Full,

    /// <summary>Inside the streams only.</summary>
    Inline,

    /// <summary>In the global dictionary only: what Kamailio reads.</summary>
    Global,

    /// <summary>Nowhere.</summary>
    None,
}

/// <summary>The node's options that calls depend on. Immutable; one instance serves every call of a node.</summary>
public sealed record CallConfig
{
    /// <summary>The local interfaces in the order of the option; the first one's name is the default logical interface. At least one.</summary>
    public required IReadOnlyList<LocalInterface> Interfaces { get; init; }

    /// <summary>Other names of logical interfaces (<c>alias=name</c>).</summary>
    public IReadOnlyDictionary<string, string> InterfaceAliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Endpoint learning of calls that do not ask for one.</summary>
    public LearningMode EndpointLearning { get; init; } = LearningMode.Heuristic;

    /// <summary>Seconds of silence that end an established call; default 60, 0: never.</summary>
    public int Timeout { get; init; } = 60;

    /// <summary>Seconds of silence that end a held or muted call; default 3600, 0: never.</summary>
    public int SilentTimeout { get; init; } = 3600;

    /// <summary>Seconds of silence that end an unanswered call; default 3600, 0: never.</summary>
    public int OfferTimeout { get; init; } = 3600;

    /// <summary>Seconds after which a call ends whatever happens; default 0: never.</summary>
    public int FinalTimeout { get; init; }

    /// <summary>Seconds between a delete and the end of the call; default 30.</summary>
    public int DeleteDelay { get; init; } = 30;

    /// <summary>IP TOS of the media sent by calls that set none; default 0.</summary>
    public byte Tos { get; init; }

    /// <summary>What we call ourselves in the session name of SDPs that we make up.</summary>
    public string SoftwareId { get; init; } = "rtpcluster";

    /// <summary>12 hex digits that mark SDPs we have seen (<c>loop-protect</c>).</summary>
    public string InstanceId { get; init; } = "000000000000";

    /// <summary>MOS formula; default conversational.</summary>
    public MosModel Mos { get; init; }

    /// <summary>Where SSRC statistics go; default full.</summary>
    public SsrcReporting SsrcReporting { get; init; }

    /// <summary>Refuse SDPs with unknown lines or text behind a blank line; default off.</summary>
    public bool RejectInvalidSdp { get; init; }

    /// <summary>Take the source of the SIP message instead of the SDP's address unless the request says trust-address; default off.</summary>
    public bool SipSource { get; init; }

    /// <summary>Gives the certificate of a call that begins with DTLS; null: this node has none and refuses DTLS.</summary>
    public Func<DtlsCertificate>? Certificate { get; init; }

    /// <summary>Always the passive side when we answer a DTLS offer; default off.</summary>
    public bool DtlsPassive { get; init; }

    /// <summary>Keep local ports when the remote's endpoint changes in a re-offer; default off.</summary>
    public bool PortLatching { get; init; }
}
