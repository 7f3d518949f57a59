using System.Reflection;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent;

/// <summary>How a node carries media.</summary>
public sealed record NodeAgentOptions
{
    /// <summary>Logical and local interfaces; ports are bound on their addresses.</summary>
    public required IReadOnlyList<LocalInterface> Interfaces { get; init; }

    /// <summary>Some of their addresses may be elsewhere at times (IP_FREEBIND). Default false.</summary>
    public bool FreeBind { get; init; }

    /// <summary>Directory of the media process's socket. Two nodes on one machine need two.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>First media port, 1 to 65535. Default 30000.</summary>
    public int PortMin { get; init; } = 30000;

    /// <summary>Last media port, inclusive. Default 39999.</summary>
    public int PortMax { get; init; } = 39999;

    /// <summary>See <see cref="MediaProcessOptions.Tier"/>.</summary>
    public string PacketTier { get; init; } = "auto";

    /// <summary>See <see cref="MediaProcessOptions.Reactors"/>.</summary>
    public int Reactors { get; init; }

    /// <summary>See <see cref="MediaProcessOptions.PinReactors"/>.</summary>
    public bool PinReactors { get; init; } = true;

    /// <summary>See <see cref="MediaProcessOptions.PacketsPerSecond"/>.</summary>
    public int PacketsPerSecond { get; init; } = 10_000;

    /// <summary>See <see cref="MediaProcessOptions.ReactorReceiveBuffer"/>.</summary>
    public int ReactorReceiveBuffer { get; init; } = 32 * 1024 * 1024;

    /// <summary>See <see cref="MediaProcessOptions.ModerationMicros"/>.</summary>
    public int ModerationMicros { get; init; }

    /// <summary>See <see cref="MediaProcessOptions.Dtls"/>.</summary>
    public DtlsSettings Dtls { get; init; } = new();

    /// <summary>See <see cref="MediaProcessOptions.DirectSend"/>.</summary>
    public bool DirectSend { get; init; } = true;

    /// <summary>See <see cref="MediaProcessOptions.LogFile"/>.</summary>
    public string MediaLogFile { get; init; } = "";

    /// <summary>The kernel's forwarding table, 0 to 63, one per node of a machine; -1: every packet is relayed in the media process. Default -1.</summary>
    public int KernelTable { get; init; } = -1;

    /// <summary>Refuse to start when the kernel's table cannot be had. Default false: relay in the media process.</summary>
    public bool NoFallback { get; init; }

    /// <summary>Leave the media process running when the node stops, for the next one to adopt. Default false: its calls end.</summary>
    public bool KeepMediaOnStop { get; init; }

    /// <summary>Seconds that a call found in the media process but not in the store is kept, 0 to 3600. Default 30.</summary>
    public int OrphanCallSeconds { get; init; } = 30;

    /// <summary>The command that starts a media process, its options excluded. Default: this executable with <c>media</c>.</summary>
    public IReadOnlyList<string> MediaCommand { get; init; } = DefaultCommand();

    /// <summary>Path of the media process's socket.</summary>
    public string SocketPath => Path.Combine(StateDirectory, "media.sock");

    internal MediaProcessOptions ToMediaOptions() => new()
    {
        SocketPath = SocketPath,
        Addresses = [.. Interfaces.Select(i => i.Address).Distinct()],
        FreeBind = FreeBind,
        Tier = PacketTier,
        Reactors = Reactors,
        PinReactors = PinReactors,
        PacketsPerSecond = PacketsPerSecond,
        ReactorReceiveBuffer = ReactorReceiveBuffer,
        ModerationMicros = ModerationMicros,
        Dtls = Dtls,
        DirectSend = DirectSend,
        LogFile = MediaLogFile,
        KernelTable = KernelTable,
        KernelOrphanSeconds = OrphanCallSeconds,
    };

    private static string[] DefaultCommand()
    {
        string self = Environment.ProcessPath ?? "rtpcluster";
        return Path.GetFileNameWithoutExtension(self) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } library
            ? [self, library, "media"]
            : [self, "media"];
    }
}
