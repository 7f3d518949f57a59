using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Server.Options;

/// <summary>The checked configuration of a node.</summary>
public sealed record NodeOptions
{
    /// <summary>Media addresses, floating ones included, in the order given; the first one's name is the default interface.</summary>
    public required IReadOnlyList<LocalInterface> Interfaces { get; init; }

    /// <summary>Other names of logical interfaces: alias to name.</summary>
    public required IReadOnlyDictionary<string, string> InterfaceAliases { get; init; }

    /// <summary>Lowest media port.</summary>
    public int PortMin { get; init; }

    /// <summary>Highest media port.</summary>
    public int PortMax { get; init; }

    /// <summary>TOS of relayed media.</summary>
    public byte Tos { get; init; }

    /// <summary>ng over UDP.</summary>
    public required IReadOnlyList<NetEndpoint> ListenNg { get; init; }

    /// <summary>ng over TCP.</summary>
    public required IReadOnlyList<NetEndpoint> ListenTcpNg { get; init; }

    /// <summary>CLI over TCP.</summary>
    public required IReadOnlyList<NetEndpoint> ListenCli { get; init; }

    /// <summary>HTTP and WebSocket.</summary>
    public required IReadOnlyList<NetEndpoint> ListenHttp { get; init; }

    /// <summary>HTTPS and secure WebSocket.</summary>
    public required IReadOnlyList<NetEndpoint> ListenHttps { get; init; }

    /// <summary>Certificate file (PEM); null: none.</summary>
    public string? HttpsCertificate { get; init; }

    /// <summary>Private key file (PEM); null: in the certificate file.</summary>
    public string? HttpsKey { get; init; }

    /// <summary>Serve the demo page.</summary>
    public bool DemoPage { get; init; }

    /// <summary>TOS of control replies over UDP.</summary>
    public byte ControlTos { get; init; }

    /// <summary>Largest request on the stream transports, bytes.</summary>
    public int MaxMessageBytes { get; init; }

    /// <summary>Idle limit of HTTP connections, s.</summary>
    public int HttpIdleTimeout { get; init; }

    /// <summary>Refuse SDP with faults that could be ignored.</summary>
    public bool RejectInvalidSdp { get; init; }

    /// <summary>Signalling templates: name to rtpp-flags string.</summary>
    public IReadOnlyDictionary<string, string> Templates { get; init; } = new Dictionary<string, string>();

    /// <summary>Software identification.</summary>
    public required string SoftwareId { get; init; }

    /// <summary>Idle limit of established media, s.</summary>
    public int Timeout { get; init; }

    /// <summary>Idle limit of held media, s.</summary>
    public int SilentTimeout { get; init; }

    /// <summary>Longest life of a call, s; 0: none.</summary>
    public int FinalTimeout { get; init; }

    /// <summary>Idle limit without an answer, s.</summary>
    public int OfferTimeout { get; init; }

    /// <summary>Delay between delete and the end of the media, s.</summary>
    public int DeleteDelay { get; init; }

    /// <summary>Most calls; -1: no limit.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Highest load average; 0: off.</summary>
    public double MaxLoad { get; init; }

    /// <summary>Highest CPU use in percent; 0: off.</summary>
    public double MaxCpu { get; init; }

    /// <summary>Highest relayed rate in bytes/s; 0: off.</summary>
    public long MaxBandwidth { get; init; }

    /// <summary>Default endpoint learning.</summary>
    public LearningMode EndpointLearning { get; init; }

    /// <summary>Trust the SIP message's source by default.</summary>
    public bool SipSource { get; init; }

    /// <summary>MOS formula.</summary>
    public MosModel Mos { get; init; }

    /// <summary>Answer DTLS offers as the passive side.</summary>
    public bool DtlsPassive { get; init; }

    /// <summary>Datagram size and ciphers of DTLS.</summary>
    public DtlsSettings Dtls { get; init; } = new();

    /// <summary>Bits of the DTLS certificate's RSA key; 0: EC.</summary>
    public int DtlsRsaBits { get; init; }

    /// <summary>Hash of the DTLS certificate's signature, SHA-256 and so on.</summary>
    public required string DtlsSignature { get; init; }

    /// <summary>Where replies list SSRCs: full, inline, global, none.</summary>
    public required string SsrcReporting { get; init; }

    /// <summary>Packet threads; 0: one per CPU.</summary>
    public int MediaThreads { get; init; }

    /// <summary>Packet I/O tier: auto, sockets, sk_lookup.</summary>
    public required string MediaTier { get; init; }

    /// <summary>How long packets gather under load before each receive call, in µs, 0 to 5000; 0: not at all.</summary>
    public int MediaModeration { get; init; }

    /// <summary>Packets whose next host is known go straight to the network device, unless this host filters packets.</summary>
    public bool MediaDirectSend { get; init; }

    /// <summary>Packets per second that one port accepts.</summary>
    public int MediaPacketRate { get; init; }

    /// <summary>Kernel forwarding table, 0 to 63; -1: none.</summary>
    public int KernelTable { get; init; } = -1;

    /// <summary>Do not start without it.</summary>
    public bool NoFallback { get; init; }

    /// <summary>Leave the media process running at a stop.</summary>
    public bool KeepMedia { get; init; }

    /// <summary>Journal and sockets; null: in memory, sockets in a temporary directory.</summary>
    public string? StateDir { get; init; }

    /// <summary>fsync each save.</summary>
    public bool StateSync { get; init; }

    /// <summary>Syslog level.</summary>
    public int LogLevel { get; init; }

    /// <summary>One JSON object a line.</summary>
    public bool LogJson { get; init; }

    /// <summary>The cluster that this node is a member of; null: it is alone.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Process id file; null: none.</summary>
    public string? PidFile { get; init; }

    /// <summary>Allocation of the test switch, MB/s.</summary>
    public int AllocationChurn { get; init; }
}
