using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>How a media process runs. The node agent passes it on the command line: <see cref="ToArguments"/>, <see cref="TryParse"/>.</summary>
public sealed record MediaProcessOptions
{
    /// <summary>Path of the Unix socket it serves its controller on; created with mode 0600.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Every local address that ports are bound on.</summary>
    public required IReadOnlyList<IpAddress> Addresses { get; init; }

    /// <summary>Ports may be bound on addresses that this host does not have (yet): some of <see cref="Addresses"/> float. Default false.</summary>
    public bool FreeBind { get; init; }

    /// <summary>Packet tier: "auto" (the best that works), "sockets", "sk_lookup" (fails to start when it cannot). Default auto.</summary>
    public string Tier { get; init; } = "auto";

    /// <summary>Reactor threads, 1 to 256; 0: one per CPU that the process may use. Default 0.</summary>
    public int Reactors { get; init; }

    /// <summary>Pin each reactor to a CPU. Default true.</summary>
    public bool PinReactors { get; init; } = true;

    /// <summary>Packets per second that one port accepts, 10 to 1,000,000. More is dropped and counted. Default 10,000.</summary>
    public int PacketsPerSecond { get; init; } = 10_000;

    /// <summary>Packets above the rate that one port accepts at once, 1 to 100,000. Default 1,000.</summary>
    public int BurstPackets { get; init; } = 1_000;

    /// <summary>Receive queue of a port's socket in bytes (sockets tier). Default 256 KiB.</summary>
    public int PortReceiveBuffer { get; init; } = 256 * 1024;

    /// <summary>Receive queue of a reactor's socket in bytes (sk_lookup tier). Default 32 MiB.</summary>
    public int ReactorReceiveBuffer { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Hand packets whose next host is known straight to the network device (sk_lookup tier). Not done while this host has a packet filter or
    /// IPsec policy. Default true.
    /// </summary>
    public bool DirectSend { get; init; } = true;

    /// <summary>
    /// Pause after a short round under load, in µs, so that packets come in batches; 0: never. Default 0; the node passes its option
    /// media-moderation (60). Costs each packet up to that delay.
    /// </summary>
    public int ModerationMicros { get; init; }

    /// <summary>Datagram size and ciphers of DTLS handshakes.</summary>
    public DtlsSettings Dtls { get; init; } = new();

    /// <summary>The kernel's forwarding table, 0 to 63; -1: none, every packet is relayed here. Default -1.</summary>
    public int KernelTable { get; init; } = -1;

    /// <summary>Seconds that a row found in the kernel's table stays when no plan claims it. Default 30.</summary>
    public int KernelOrphanSeconds { get; init; } = 30;

    /// <summary>Seconds that a process without controller and without live calls waits before it ends. Default 60.</summary>
    public int OrphanSeconds { get; init; } = 60;

    /// <summary>File that standard error goes to; empty: it is inherited.</summary>
    public string LogFile { get; init; } = "";

    private static readonly (string Name, Func<MediaProcessOptions, string> Get, Func<MediaProcessOptions, string, MediaProcessOptions> Set)[] s_table =
    [
        ("--socket", o => o.SocketPath, (o, v) => o with { SocketPath = v }),
        ("--addresses", o => string.Join(',', o.Addresses), (o, v) => o with { Addresses = [.. v.Split(',').Select(IpAddress.Parse)] }),
        ("--free-bind", o => o.FreeBind ? "1" : "0", (o, v) => o with { FreeBind = v == "1" }),
        ("--tier", o => o.Tier, (o, v) => o with { Tier = v }),
        ("--reactors", o => Text(o.Reactors), (o, v) => o with { Reactors = Number(v) }),
        ("--pin", o => o.PinReactors ? "1" : "0", (o, v) => o with { PinReactors = v == "1" }),
        ("--rate", o => Text(o.PacketsPerSecond), (o, v) => o with { PacketsPerSecond = Number(v) }),
        ("--burst", o => Text(o.BurstPackets), (o, v) => o with { BurstPackets = Number(v) }),
        ("--port-rcvbuf", o => Text(o.PortReceiveBuffer), (o, v) => o with { PortReceiveBuffer = Number(v) }),
        ("--reactor-rcvbuf", o => Text(o.ReactorReceiveBuffer), (o, v) => o with { ReactorReceiveBuffer = Number(v) }),
        ("--direct-send", o => o.DirectSend ? "1" : "0", (o, v) => o with { DirectSend = v == "1" }),
        ("--moderation", o => Text(o.ModerationMicros), (o, v) => o with { ModerationMicros = Number(v) }),
        ("--dtls-mtu", o => Text(o.Dtls.Mtu), (o, v) => o with { Dtls = o.Dtls with { Mtu = Number(v) } }),
        ("--dtls-ciphers", o => o.Dtls.Ciphers, (o, v) => o with { Dtls = o.Dtls with { Ciphers = v } }),
        ("--table", o => Text(o.KernelTable), (o, v) => o with { KernelTable = Signed(v) }),
        ("--table-orphan-seconds", o => Text(o.KernelOrphanSeconds), (o, v) => o with { KernelOrphanSeconds = Number(v) }),
        ("--orphan-seconds", o => Text(o.OrphanSeconds), (o, v) => o with { OrphanSeconds = Number(v) }),
        ("--log-file", o => o.LogFile, (o, v) => o with { LogFile = v }),
    ];

    /// <summary>The command line that gives the same options again.</summary>
    public IEnumerable<string> ToArguments() => s_table.SelectMany(row => new[] { row.Name, row.Get(this) });

    /// <summary>Reads a command line; on failure <paramref name="error"/> says what is wrong.</summary>
    public static bool TryParse(IReadOnlyList<string> arguments, out MediaProcessOptions options, out string error)
    {
        options = new MediaProcessOptions { SocketPath = "", Addresses = [] };
        error = "";
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            int row = Array.FindIndex(s_table, r => r.Name == name);
            if (row < 0 || i + 1 >= arguments.Count)
            {
                error = row < 0 ? $"unknown option {name}" : $"{name} needs a value";
                return false;
            }

            try
            {
                options = s_table[row].Set(options, arguments[i + 1]);
            }
            catch (FormatException e)
            {
                error = $"{name}: {e.Message}";
                return false;
            }
        }

        error = options.SocketPath.Length == 0 ? "--socket is missing" : options.Addresses.Count == 0 ? "--addresses is missing" : "";
        return error.Length == 0;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Signed(string text) => text == "-1" ? -1 : Number(text);

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw new FormatException($"'{text}' is no number");
}
