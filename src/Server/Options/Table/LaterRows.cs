using static RtpCluster.Server.Options.Table.Row;

namespace RtpCluster.Server.Options.Table;

/// <summary>Options of the peer whose function comes later: known by name so that an operator's file is judged key by key.</summary>
internal static class LaterRows
{
    private const string Threads = "Threads";
    private const string Redis = "Redis";
    private const string Recording = "Recording";
    private const string Security = "DTLS";
    private const string Audio = "Transcoding and audio";
    private const string Player = "Media player";
    private const string Reports = "Reports and notifications";

    public static IEnumerable<OptionSpec> All =>
    [
        .. Named(Threads, OptionKind.Text, OptionSupport.Ignored,
            "codec-num-threads: Codec threads", "poller-size: Poller size", "io-uring-buffers: io_uring buffers", "thread-stack: Thread stack size",
            "socket-cpu-affinity: SO_INCOMING_CPU", "scheduling: Thread scheduling", "priority: Thread priority", "idle-scheduling: Idle scheduling",
            "idle-priority: Idle priority", "max-recv-iters: Packets read in a row from one socket", "timer-accuracy=500: Timer accuracy (us)"),
        .. Named(Threads, OptionKind.Flag, OptionSupport.Ignored, "poller-per-thread: A poller per thread; always so", "io-uring: Use io_uring"),

        Text(Redis, "redis-write", 'w', string.Empty, "Redis store to write to").NotYet(),
        Text(Redis, "redis-subscribe", '\0', string.Empty, "Redis store to subscribe to").NotYet(),
        List(Redis, "subscribe-keyspace", 'k', "Redis keyspaces of other nodes").NotYet(),
        Flag(Redis, "no-redis-required", 'q', "Start without Redis").Later(),
        Flag(Redis, "active-switchover", '\0', "Take foreign calls over on traffic").NotYet(),
        Flag(Redis, "redis-resolve-on-reconnect", '\0', "Resolve again on reconnect").Later(),
        .. Named(Redis, OptionKind.Text, OptionSupport.Ignored,
            "redis-num-threads: Redis restore threads", "redis-expires=86400: Expiry of keys (s)", "redis-allowed-errors=-1: Errors before Redis is disabled",
            "redis-disable-time=10: Seconds Redis stays disabled",
            "redis-format: Format of stored calls", "redis-tcp-keepalive-time: TCP keepalive (s)", "redis-tcp-keepalive-intvl=1: TCP keepalive interval (s)",
            "redis-tcp-keepalive-probes=3: TCP keepalive probes"),

        // Debian's file sets these although nothing is recorded unless a command asks, and such a command gets its error: no reason to refuse.
        .. Named(Recording, OptionKind.Text, OptionSupport.Ignored,
            "recording-dir: Directory of recordings", "recording-method: pcap, proc or all", "recording-format: raw or eth"),
        .. Named(Recording, OptionKind.Flag, OptionSupport.Ignored, "record-egress: Record what is sent", "record-both: Record both ways"),

        Word(Security, "dtls-cert-cipher", "prime256v1", ["prime256v1", "RSA"], "Key type of the DTLS certificate"),
        Int(Security, "dtls-rsa-key-size", '\0', 2048, "bits", "Its size with RSA").Between(2048, 8192),
        Word(Security, "dtls-signature", "SHA-256", ["SHA-256", "SHA-384", "SHA-512"], "Hash of the DTLS certificate's signature"),
        Int(Security, "dtls-mtu", '\0', 1200, "bytes", "Largest DTLS datagram").Between(576, 9000),
        Text(Security, "dtls-ciphers", '\0', string.Empty, "DTLS ciphers in OpenSSL's words; none: OpenSSL's own choice"),
        Flag(Security, "dtls-passive", '\0', "Answer DTLS offers as the passive side, never as the active one"),
        Text(Security, "janus-secret", '\0', string.Empty, "Admin secret of the Janus interface").NotYet(),

        .. Named(Audio, OptionKind.Text, OptionSupport.Ignored,
            "jitter-buffer=0: Jitter buffer (packets)", "jb-adaptive-min: Adaptive jitter buffer minimum", "jb-adaptive-max: Adaptive jitter buffer maximum",
            "audio-buffer-length=500: Mixing buffer (ms)", "audio-buffer-delay=5: Mixing delay (ms)", "audio-player=on-demand: Audio player",
            "dtx-delay=50: DTX delay (ms)", "max-dtx=1800: DTX limit (s)", "dtx-buffer=10: DTX buffer (packets)", "dtx-lag=100: DTX lag (ms)",
            "dtx-shift=0: DTX shift (ms)", "dtx-cn-params: Comfort noise parameters", "amr-dtx: AMR DTX", "silence-detect=0: Silence detection (percent)",
            "cn-payload: Comfort noise payload", "transcode-config: Transcode rules", "evs-lib-path: EVS library", "codec-chain-lib-path: Codec chain library"),
        .. Named(Audio, OptionKind.Flag, OptionSupport.Ignored, "jb-clock-drift: Clock drift compensation", "jb-adaptive: Adaptive jitter buffer"),

        .. Named(Player, OptionKind.Text, OptionSupport.Ignored,
            "media-files-reload: Reload interval", "media-files-expire: Expiry", "expiry-timer: Expiry timer", "db-media-reload: Reload interval",
            "db-media-expire: Expiry", "db-media-cache: Cache", "db-cache-reload: Reload interval", "db-cache-expire: Expiry", "mysql-port: Port",
            "moh-max-duration: Longest music on hold", "moh-max-repeats=999: Repeats of music on hold", "moh-attr-name: Attribute of music on hold"),
        .. Named(Player, OptionKind.Text, OptionSupport.Refused,
            "preload-media-files: Files to load at start", "preload-db-media: Ids to load at start", "preload-db-cache: Ids to load at start",
            "mysql-host: Media database", "mysql-user: User", "mysql-pass: Password", "mysql-query: Query"),
        .. Named(Player, OptionKind.Flag, OptionSupport.Ignored, "player-cache: Cache encoded media", "moh-prevent-double-hold: Prevent double hold"),

        Text(Reports, "graphite", 'g', string.Empty, "Graphite server").NotYet(),
        Text(Reports, "graphite-interval", 'G', string.Empty, "Graphite interval (s)").Later(),
        Text(Reports, "b2b-url", 'b', string.Empty, "XMLRPC URL told about call timeouts").NotYet(),
        Text(Reports, "xmlrpc-format", 'x', "0", "Format of XMLRPC requests").Later(),
        .. Named(Reports, OptionKind.Text, OptionSupport.Refused, "homer: Homer (HEP) server", "mqtt-host: MQTT broker", "dtmf-log-dest: Receiver of DTMF events"),
        .. Named(Reports, OptionKind.Text, OptionSupport.Ignored,
            "homer-protocol=udp: udp or tcp", "homer-id=2001: Capture id", "homer-ng-capture-proto=61: HEP protocol of ng", "graphite-prefix: Prefix",
            "graphite-timeout: Timeout", "mqtt-port=1883: Port", "mqtt-tls-alpn: ALPN", "mqtt-id: Client id", "mqtt-keepalive=30: Keepalive (s)",
            "mqtt-user: User", "mqtt-pass: Password", "mqtt-cafile: CA file", "mqtt-capath: CA path", "mqtt-certfile: Certificate", "mqtt-keyfile: Key",
            "mqtt-publish-qos=0: QoS", "mqtt-publish-topic: Topic", "mqtt-publish-interval=5000: Interval (ms)", "mqtt-publish-scope: Scope",
            "dtmf-digit-delay=2500: Delay (ms)", "vsc-start-rec: Code", "vsc-stop-rec: Code", "vsc-pause-rec: Code", "vsc-start-stop-rec: Code",
            "vsc-pause-resume-rec: Code", "vsc-start-pause-resume-rec: Code"),
        .. Named(Reports, OptionKind.Flag, OptionSupport.Ignored,
            "homer-disable-rtcp-stats: No RTCP to Homer", "homer-enable-ng: ng to Homer", "dtmf-log-ng-tcp: DTMF events to TCP ng clients",
            "dtmf-no-suppress: Do not suppress DTMF", "dtmf-no-log-injects: Do not log injected DTMF"),
    ];
}
