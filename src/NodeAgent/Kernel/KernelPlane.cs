using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>
/// The kernel's forwarding table as the media process uses it: opened at the start with the rows that are in it already, read once a second,
/// swept of what nobody claims. Any thread.
/// </summary>
internal sealed class KernelPlane : IDisposable
{
    private const int ReportChunk = 128;

    /// <summary>Each so many readings have SSRCs, payload types and indices too: they are most of a reading, and are read at once when somebody asks.</summary>
    private const int FullEvery = 8;
    private const int CountedDrops = 32;

    private readonly NetlinkSocket _socket;
    private readonly ushort _family;
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _drops = new long[CountedDrops];
    private Task _running = Task.CompletedTask;
    private KernelEvents? _events;
    private long _refusals;
    private long _toldAt;

    private KernelPlane(NetlinkSocket socket, ushort family, uint table)
    {
        _socket = socket;
        _family = family;
        Table = table;
    }

    /// <summary>The table's number, 0 to 63.</summary>
    public uint Table { get; }

    /// <summary>The module and what its SRTP runs on, in words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>What an earlier process left.</summary>
    public KernelLegacy Legacy { get; } = new();

    /// <summary>Requests that the kernel refused.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Opens a table. Null: it cannot be had, <paramref name="reason"/> says why.</summary>
    public static KernelPlane? TryOpen(int table, out string reason)
    {
        if (NetlinkSocket.TryOpen(out int errno) is not { } socket)
        {
            reason = $"no netlink: {LibC.Describe(errno)}";
            return null;
        }

        ushort family = socket.ResolveFamily(KernelFormat.Family, out var result);
        if (family == 0)
        {
            socket.Dispose();
            reason = result.Errno is Errno.NoEntry or Errno.None ? "module rtpcluster is not loaded" : $"no module rtpcluster: {result}";
            return null;
        }

        var plane = new KernelPlane(socket, family, (uint)table);
        reason = plane.Prepare();
        if (reason.Length == 0)
        {
            return plane;
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Opens one reactor's way to the table; null: out of descriptors.</summary>
    public KernelTable? OpenReactor() => NetlinkSocket.TryOpen(out _) is { } socket ? new KernelTable(socket, _family, this) : null;

    /// <summary>Starts reading and sweeping.</summary>
    /// <param name="publish">Takes reports, some at a time.</param>
    /// <param name="orphanSeconds">How long unclaimed rows stay.</param>
    public void Start(Action<IReadOnlyList<OffloadReport>> publish, int orphanSeconds)
    {
        _running = Task.Run(() => RunAsync(publish, orphanSeconds));
        Listen(publish);
    }

    /// <summary>Events of the kernel since the start, by kind.</summary>
    public IEnumerable<(KernelEventKind Kind, long Count)> Events => _events?.Counts ?? [];

    /// <summary>Notes what became of a request, and tells of refusals once a second at most.</summary>
    public void Note(NetlinkResult result, string what, in NetEndpoint local)
    {
        // A row that is gone is told by what its absence does.
        if (result.IsOk || result.Errno == Errno.NoEntry)
        {
            return;
        }

        Interlocked.Increment(ref _refusals);
        long now = Environment.TickCount64;
        long told = Interlocked.Read(ref _toldAt);
        if (now - told > 1000 && Interlocked.CompareExchange(ref _toldAt, now, told) == told)
        {
            Console.Error.WriteLine($"media: the kernel refused to {what} {local}: {result}");
        }
    }

    /// <summary>Drops in the kernel since the table was made, by reason.</summary>
    public IEnumerable<(DropReason Reason, long Packets)> Drops()
    {
        for (int i = 1; i < CountedDrops; i++)
        {
            long packets = Interlocked.Read(ref _drops[i]);
            if (packets > 0)
            {
                yield return ((DropReason)i, packets);
            }
        }
    }

    /// <summary>Deletes the table with all its rows: an orderly end leaves nothing behind.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        _events?.Dispose();
        Begin(KernelCommand.TableDel);
        _socket.Request();
        _socket.Dispose();
        _stop.Dispose();
    }

    private void Listen(Action<IReadOnlyList<OffloadReport>> publish)
    {
        var socket = NetlinkSocket.TryOpen(out _);
        var table = OpenReactor();
        if (socket is not null && table is not null && _socket.Groups.TryGetValue(KernelFormat.EventGroup, out uint group) && socket.TryJoin(group))
        {
            _events = new KernelEvents(socket, table, Table, publish);
            return;
        }

        Console.Error.WriteLine("media: the kernel's events cannot be heard; rows are read once a second all the same");
        socket?.Dispose();
        table?.Dispose();
    }

    private string Prepare()
    {
        uint abi = 0;
        string version = "", crypto = "";
        _socket.Begin(_family, (byte)KernelCommand.InfoGet, KernelFormat.FamilyVersion);
        var result = _socket.Request(message =>
        {
            foreach (var attribute in message.Attributes)
            {
                switch ((KernelAttribute)attribute.Type)
                {
                    case KernelAttribute.Abi:
                        abi = attribute.UInt32;
                        break;
                    case KernelAttribute.Version:
                        version = attribute.Text;
                        break;
                    case KernelAttribute.CryptoPath:
                        crypto = attribute.Text;
                        break;
                }
            }
        });
        if (!result.IsOk)
        {
            return $"the module does not answer: {result}";
        }

        if (abi < KernelFormat.Abi)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the module speaks ABI {abi}, {KernelFormat.Abi} is needed");
        }

        Begin(KernelCommand.TableSet);
        _socket.Writer.PutUInt64((int)KernelAttribute.Owner, (ulong)Environment.ProcessId);
        result = _socket.Request();
        if (!result.IsOk)
        {
            return $"table {Table}: {result}";
        }

        Description = $"module {version}, crypto {crypto}";
        return FindLegacy();
    }

    private string FindLegacy()
    {
        var decoder = new LegacyDecoder();
        Begin(KernelCommand.TargetGet, dump: true);
        var result = _socket.Request(decoder.Add);
        Legacy.Add(decoder.Rows);
        return result.IsOk ? "" : $"table {Table} cannot be read: {result}";
    }

    private async Task RunAsync(Action<IReadOnlyList<OffloadReport>> publish, int orphanSeconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            for (int second = 0; await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false); second++)
            {
                Poll(publish, second % FullEvery == 0 ? KernelFormat.AllDetails : KernelFormat.OutputDetails);
                if (second == orphanSeconds)
                {
                    Sweep();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Poll(Action<IReadOnlyList<OffloadReport>> publish, uint details)
    {
        // Rows that stood still since the last full reading are left out.
        var reports = new List<OffloadReport>();
        var now = MediaProcess.Clock.Now;
        Begin(KernelCommand.StatsGet, dump: true);
        _socket.Writer.Put(KernelAttribute.Detail, details);
        _socket.Writer.PutUInt64((int)KernelAttribute.Since, (ulong)now.AddSeconds(-FullEvery - 2).Micros);
        var result = _socket.Request(message =>
        {
            var report = ReportDecoder.Read(message);
            report.ReadAt = now;
            reports.Add(report);
        });
        Note(result, "read", default);
        foreach (var chunk in reports.Chunk(ReportChunk))
        {
            publish(chunk);
        }

        Begin(KernelCommand.TableGet);
        _socket.Request(ReadDrops);
    }

    private void ReadDrops(NetlinkMessage message)
    {
        const int dropsAt = 40;
        foreach (var attribute in message.Attributes)
        {
            for (int i = 0; attribute.Type == (int)KernelAttribute.TableStats && i < CountedDrops; i++)
            {
                int at = dropsAt + (i * 8);
                Interlocked.Exchange(ref _drops[i], at + 8 <= attribute.Value.Length ? BitConverter.ToInt64(attribute.Value[at..]) : 0);
            }
        }
    }

    private void Sweep()
    {
        var rest = Legacy.TakeRest();
        Span<byte> address = stackalloc byte[KernelFormat.AddressBytes];
        foreach (var local in rest)
        {
            Begin(KernelCommand.TargetDel);
            KernelFormat.WriteAddress(address, local);
            _socket.Writer.PutBytes((int)KernelAttribute.Local, address);
            Note(_socket.Request(), "delete", local);
        }

        if (rest.Count > 0)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"media: {rest.Count} kernel rows that no call claimed were removed"));
        }
    }

    private void Begin(KernelCommand command, bool dump = false)
    {
        _socket.Begin(_family, (byte)command, KernelFormat.FamilyVersion, dump);
        _socket.Writer.Put(KernelAttribute.Table, Table);
    }
}
