using static RtpCluster.Server.Options.Table.Row;

namespace RtpCluster.Server.Options.Table;

/// <summary>Options of the node's main job: interfaces, control ports, timeouts, limits, media behaviour.</summary>
internal static class CoreRows
{
    private const string Interfaces = "Interfaces and ports";
    private const string Control = "Control listeners";
    private const string Timeouts = "Timeouts";
    private const string Limits = "Load limits";
    private const string Media = "Media";
    private const string Quality = "RTCP and quality";
    private const string Process = "Process";
    private const string Storage = "Storage";

    public static IEnumerable<OptionSpec> All =>
    [
        List(Interfaces, "interface", 'i', "Local address for media: [name/]IP[!advertised-IP], name=other-name (alias), a device name, or any; repeatable"),
        Text(Interfaces, "interfaces-config", '\0', string.Empty, "Prefix of config file sections that describe an interface each (keys address, advertised, alias-for)"),
        Int(Interfaces, "port-min", 'm', 30000, "port", "Lowest media port").Between(1, 65535),
        Int(Interfaces, "port-max", 'M', 39999, "port", "Highest media port").Between(1, 65535),
        Int(Interfaces, "tos", 'T', 0, "byte", "TOS / traffic class of relayed media").Between(0, 255),
        Flag(Interfaces, "save-interface-ports", '\0', "Bind ports of one logical interface on one address only").Later(),

        List(Control, "listen-ng", 'n', "UDP port of the ng protocol: [IP:]port"),
        List(Control, "listen-tcp-ng", 'N', "TCP port of the ng protocol: [IP:]port"),
        List(Control, "listen-cli", 'c', "TCP port of the command line interface: [IP:]port").Danger("everybody who reaches it may end calls"),
        List(Control, "listen-http", '\0', "HTTP and WebSocket port: [IP:]port").Danger("serves /metrics, /cli and /ng without authentication"),
        List(Control, "listen-https", '\0', "HTTPS and secure WebSocket port: [IP:]port"),
        Text(Control, "https-cert", '\0', string.Empty, "Certificate file (PEM) of listen-https"),
        Text(Control, "https-key", '\0', string.Empty, "Private key file (PEM) of listen-https; default: in the certificate file"),
        Flag(Control, "demo-page", '\0', "GET /demo serves a page in which browser tabs meet in a room").Danger("whoever may load it may use /ng too"),
        Int(Control, "http-threads", '\0', 0, "threads", "Threads of the HTTP server; the runtime decides").Later(),
        Int(Control, "http-buf-size", '\0', 256 * 1024, "bytes", "Largest request on the stream transports").Between(1024, 64 * 1024 * 1024),
        Int(Control, "http-idle-timeout", '\0', 60, "s", "Idle time after which an HTTP connection is closed").Between(1, 86400),
        Int(Control, "control-tos", '\0', 0, "byte", "TOS / traffic class of control replies over UDP").Between(0, 255),
        Text(Control, "control-pmtu", '\0', string.Empty, "Path MTU discovery of the control sockets: want or dont").Later(),
        List(Control, "listen-tcp", 'l', "TCP port of the legacy line protocol").NotYet(),
        List(Control, "listen-udp", 'u', "UDP port of the legacy rtpproxy-style protocol").NotYet(),
        Text(Control, "templates", '\0', string.Empty, "Config file section with signalling templates (default, a command's name, or template=NAME)"),
        Text(Control, "software-id", '\0', string.Empty, "Software identification in SDP (a=tool) and statistics"),
        Int(Control, "ng-client-timeout", '\0', 50, "ms", "Timeout of the built-in ng client").Later(),
        Int(Control, "ng-client-retries", '\0', 5, "tries", "Retries of the built-in ng client").Later(),

        Int(Timeouts, "timeout", 'o', 60, "s", "End a call whose established media has been silent this long").Between(0, int.MaxValue),
        Int(Timeouts, "silent-timeout", 's', 3600, "s", "The same for held media").Between(0, int.MaxValue),
        Int(Timeouts, "final-timeout", 'a', 0, "s", "End every call this long after its start; 0: never").Between(0, int.MaxValue),
        Int(Timeouts, "offer-timeout", '\0', 3600, "s", "End a call that got no answer").Between(0, int.MaxValue),
        Int(Timeouts, "delete-delay", 'd', 30, "s", "Keep a deleted call's media up this long").Between(0, int.MaxValue),

        Int(Limits, "max-sessions", '\0', -1, "calls", "Refuse new calls above this many; -1: no limit").Between(-1, int.MaxValue),
        Text(Limits, "max-load", '\0', "0", "Refuse new calls above this load average (1 min); 0: off"),
        Text(Limits, "max-cpu", '\0', "0", "Refuse new calls above this CPU use in percent; 0: off"),
        Int(Limits, "max-bandwidth", '\0', 0, "bytes/s", "Refuse new calls above this relayed rate; 0: off").Between(0, long.MaxValue),

        Word(Media, "endpoint-learning", "heuristic", ["delayed", "immediate", "off", "no-learning", "heuristic"], "How a stream finds out where its remote really sends from"),
        Flag(Media, "sip-source", 'S', "Send to the source address of the SIP message rather than to the SDP's"),
        Flag(Media, "reject-invalid-sdp", '\0', "Refuse SDP with faults that could be ignored"),
        Int(Media, "num-threads", '\0', 0, "threads", "Packet threads (one pinned reactor each); 0: as media-num-threads, else one per CPU").Between(0, 1024),
        Int(Media, "media-num-threads", '\0', -1, "threads", "The same; takes precedence when above 0").Between(-1, 1024),
        Word(Media, "media-tier", "auto", ["auto", "sockets", "sk_lookup"], "Packet I/O tier of the media process"),
        Word(Media, "media-direct-send", "auto", ["auto", "off"], "Hand packets straight to the network device once the kernel has told the way; auto: unless this host has a packet filter or IPsec policy"),
        Int(Media, "media-moderation", '\0', 60, "µs", "Under load, let packets gather this long before each receive call: less CPU, that much more delay; 0: never").Between(0, 5000),
        Int(Media, "media-packet-rate", '\0', 10000, "packets/s", "Packets that one port accepts; more are dropped and counted, so that a flood harms no other call").Between(10, 1_000_000),

        Word(Quality, "mos", "CQ", ["CQ", "LQ", "G.107", "G.107.2", "legacy"], "MOS formula and whether the round-trip time counts (CQ) or not (LQ)"),
        Word(Quality, "ssrc-reporting", "full", ["full", "inline", "global", "none"], "Where query and delete replies list the SSRCs"),
        Int(Quality, "rtcp-interval", '\0', 5000, "ms", "Interval of generated RTCP").Later(),
        Flag(Quality, "measure-rtp", '\0', "Measure loss and jitter of each RTP stream; always on here").Later(),

        Text(Storage, "state-dir", '\0', string.Empty, "Directory of the embedded store's journal and of the media process's sockets; calls survive the death of the process"),
        Flag(Storage, "state-sync", '\0', "fsync the journal on each save: calls survive a power cut").Danger("each offer waits for the disk"),

        Flag(Storage, "keep-media", '\0', "Leave the media process running at a stop, for the next start to adopt (needs state-dir)"),

        Text(Process, "config-file", '\0', string.Empty, "Config file; none: no file. Default /etc/rtpcluster/rtpcluster.conf, then /etc/rtpengine/rtpengine.conf"),
        Text(Process, "config-section", '\0', string.Empty, "Section of the config file; default rtpcluster, then rtpengine"),
        Text(Process, "pidfile", 'p', string.Empty, "Write the process id to this file"),
        Flag(Process, "foreground", 'f', "Stay in the foreground; always so (a service manager keeps us)"),
        Flag(Process, "version", 'v', "Print the version and exit"),
        Flag(Process, "help", 'h', "Print this help and exit"),
        Flag(Process, "codecs", '\0', "List the codecs and exit"),
        Int(Process, "test-allocation-churn", '\0', 0, "MB/s", "Allocate in the control process").Between(0, 10000) with { Support = OptionSupport.Hidden },
    ];
}
