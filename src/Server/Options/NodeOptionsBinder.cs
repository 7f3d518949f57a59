using System.Globalization;
using System.Reflection;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Server.Options;

/// <summary>Turns merged option values into checked node options.</summary>
public static class NodeOptionsBinder
{
    private static readonly Dictionary<string, LearningMode> Learning = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delayed"] = LearningMode.Delayed,
        ["immediate"] = LearningMode.Immediate,
        ["off"] = LearningMode.Off,
        ["no-learning"] = LearningMode.Off,
        ["heuristic"] = LearningMode.Heuristic,
    };

    private static readonly Dictionary<string, MosModel> Mos = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CQ"] = MosModel.Conversational,
        ["LQ"] = MosModel.Listening,
        ["G.107.2"] = MosModel.FullBand,
        ["G.107"] = MosModel.Legacy,
        ["legacy"] = MosModel.Legacy,
    };

    /// <summary>The version, as <c>--version</c> prints it.</summary>
    public static string Version { get; } =
        typeof(NodeOptionsBinder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Binds and checks; null when <see cref="OptionValues.Errors"/> has any.</summary>
    public static NodeOptions? Bind(OptionValues values, IHostNetwork host)
    {
        var (interfaces, aliases) = new InterfaceBinder(values, host).Bind();
        var floating = FloatingBinder.Bind(values, host);
        int threads = (int)values.Integer("media-num-threads");
        var options = new NodeOptions
        {
            Interfaces = FloatingBinder.Merge(interfaces, floating),
            InterfaceAliases = aliases,
            PortMin = (int)values.Integer("port-min"),
            PortMax = (int)values.Integer("port-max"),
            Tos = (byte)values.Integer("tos"),
            ListenNg = Listen(values, host, "listen-ng"),
            ListenTcpNg = Listen(values, host, "listen-tcp-ng"),
            ListenCli = Listen(values, host, "listen-cli"),
            ListenHttp = Listen(values, host, "listen-http"),
            ListenHttps = Listen(values, host, "listen-https"),
            HttpsCertificate = OrNull(values.Text("https-cert")),
            HttpsKey = OrNull(values.Text("https-key")),
            DemoPage = values.Flag("demo-page"),
            ControlTos = (byte)values.Integer("control-tos"),
            MaxMessageBytes = (int)values.Integer("http-buf-size"),
            HttpIdleTimeout = (int)values.Integer("http-idle-timeout"),
            RejectInvalidSdp = values.Flag("reject-invalid-sdp"),
            Templates = Templates(values),
            SoftwareId = OrNull(values.Text("software-id")) ?? "rtpcluster-" + Version,
            Timeout = (int)values.Integer("timeout"),
            SilentTimeout = (int)values.Integer("silent-timeout"),
            FinalTimeout = (int)values.Integer("final-timeout"),
            OfferTimeout = (int)values.Integer("offer-timeout"),
            DeleteDelay = (int)values.Integer("delete-delay"),
            MaxSessions = (int)values.Integer("max-sessions"),
            MaxLoad = Number(values, "max-load"),
            MaxCpu = Number(values, "max-cpu"),
            MaxBandwidth = values.Integer("max-bandwidth"),
            EndpointLearning = Learning.GetValueOrDefault(values.Text("endpoint-learning"), LearningMode.Heuristic),
            SipSource = values.Flag("sip-source"),
            DtlsPassive = values.Flag("dtls-passive"),
            Dtls = new DtlsSettings { Mtu = (int)values.Integer("dtls-mtu"), Ciphers = values.Text("dtls-ciphers") },
            DtlsRsaBits = values.Text("dtls-cert-cipher").Equals("RSA", StringComparison.OrdinalIgnoreCase) ? (int)values.Integer("dtls-rsa-key-size") : 0,
            DtlsSignature = values.Text("dtls-signature"),
            Mos = Mos.GetValueOrDefault(values.Text("mos")),
            SsrcReporting = values.Text("ssrc-reporting").ToLowerInvariant(),
            MediaThreads = threads > 0 ? threads : (int)values.Integer("num-threads"),
            MediaTier = values.Text("media-tier"),
            MediaDirectSend = values.Text("media-direct-send") != "off",
            MediaModeration = (int)values.Integer("media-moderation"),
            MediaPacketRate = (int)values.Integer("media-packet-rate"),
            KernelTable = (int)values.Integer("table"),
            NoFallback = values.Flag("no-fallback"),
            KeepMedia = values.Flag("keep-media"),
            StateDir = OrNull(values.Text("state-dir")),
            StateSync = values.Flag("state-sync"),
            Cluster = ClusterBinder.Bind(values, Listen(values, host, "cluster-listen"), floating),
            LogLevel = (int)values.Integer("log-level"),
            LogJson = values.Text("log-format").Equals("json", StringComparison.OrdinalIgnoreCase),
            PidFile = OrNull(values.Text("pidfile")),
            AllocationChurn = (int)values.Integer("test-allocation-churn"),
        };
        CheckTogether(values, options);
        return values.Errors.Count == 0 ? options : null;
    }

    private static void CheckTogether(OptionValues values, NodeOptions options)
    {
        if (options.PortMin > options.PortMax)
        {
            values.Fail("port-min", $"is above port-max={options.PortMax}", "Swap them");
        }

        if (options.ListenNg.Count + options.ListenTcpNg.Count + options.ListenHttp.Count + options.ListenHttps.Count == 0 && values.Errors.Count == 0)
        {
            values.Fail("listen-ng", string.Empty, "nobody could talk to this node", "Give a control port, for example --listen-ng=127.0.0.1:2223");
        }

        if (options.ListenHttps.Count > 0 && options.HttpsCertificate is null)
        {
            values.Fail("https-cert", "listen-https needs a certificate", "Name a PEM file");
        }

        if (options.NoFallback && options.KernelTable < 0)
        {
            values.Fail("no-fallback", "kernel forwarding is off", "Give --table=0 as well");
        }

        if (options.KeepMedia && options.StateDir is null)
        {
            values.Fail("keep-media", "nobody could find the media process again", "Give --state-dir as well");
        }

        if (!DtlsSettings.IsCipherList(options.Dtls.Ciphers))
        {
            values.Fail("dtls-ciphers", "OpenSSL knows none of these", "See `openssl ciphers`");
        }

        foreach (string key in new[] { "https-cert", "https-key" })
        {
            if (values.Text(key) is { Length: > 0 } file && !File.Exists(file))
            {
                values.Fail(key, "no such file", "Check the name and its permissions");
            }
        }
    }

    private static Dictionary<string, string> Templates(OptionValues values)
    {
        string name = values.Text("templates");
        if (name.Length == 0)
        {
            return [];
        }

        if (values.File?.Section(name) is not { } section)
        {
            values.Fail("templates", "the config file has no such section", $"Add [{name}]");
            return [];
        }

        return section.GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value);
    }

    private static List<NetEndpoint> Listen(OptionValues values, IHostNetwork host, string key)
    {
        var found = new List<NetEndpoint>();
        foreach (string entry in values.List(key))
        {
            int colon = entry.LastIndexOf(':');
            string name = colon < 0 ? string.Empty : entry[..colon];
            if (!ushort.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                values.Fail(key, entry, "not a port or IP:port", "Write 2223, 127.0.0.1:2223 or [::1]:2223");
            }
            else if (name.Length == 0 || name == "*")
            {
                found.Add(new NetEndpoint(IpAddress.Any(IpFamily.V4), port));
                if (host.HasV6)
                {
                    found.Add(new NetEndpoint(IpAddress.Any(IpFamily.V6), port));
                }
            }
            else if (NetEndpoint.TryParse(entry, out var endpoint))
            {
                found.Add(endpoint);
            }
            else if (host.Addresses(name) is { Count: > 0 } addresses)
            {
                found.AddRange(addresses.Distinct().Select(address => new NetEndpoint(address, port)));
            }
            else
            {
                values.Fail(key, entry, $"'{name}' is neither an IP address nor a host that resolves", "Write 2223, 127.0.0.1:2223 or [::1]:2223");
            }
        }

        return found;
    }

    private static double Number(OptionValues values, string key)
    {
        if (double.TryParse(values.Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0)
        {
            return number;
        }

        values.Fail(key, "not a number of 0 or more", "Write for example 75 or 4.5");
        return 0;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
