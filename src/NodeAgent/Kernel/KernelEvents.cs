using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>
/// Hears what the kernel tells by itself: counts it by kind, tells of what an operator should know, and has a row read at once where the engine
/// should not wait for the next reading. A thread of its own; nothing of it is on the packet path.
/// </summary>
internal sealed class KernelEvents : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly KernelTable _table;
    private readonly uint _number;
    private readonly Action<IReadOnlyList<OffloadReport>> _publish;
    private readonly long[] _counts = new long[Enum.GetValues<KernelEventKind>().Length + 1];
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _toldAt = long.MinValue / 2;
    private int _untold;

    /// <summary>Begins to listen.</summary>
    /// <param name="socket">Has joined the group; owned from here on.</param>
    /// <param name="table">To read rows with; owned from here on.</param>
    /// <param name="number">The table's number: events of others are left alone.</param>
    /// <param name="publish">Takes reports. Called on the listening thread.</param>
    public KernelEvents(NetlinkSocket socket, KernelTable table, uint number, Action<IReadOnlyList<OffloadReport>> publish)
    {
        _socket = socket;
        _table = table;
        _number = number;
        _publish = publish;
        _thread = new Thread(Run) { IsBackground = true, Name = "kernel events" };
        _thread.Start();
    }

    /// <summary>How often each kind was told of; those above 0. Any thread.</summary>
    public IEnumerable<(KernelEventKind Kind, long Count)> Counts =>
        Enum.GetValues<KernelEventKind>().Select(kind => (kind, Interlocked.Read(ref _counts[(int)kind]))).Where(c => c.Item2 > 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _socket.Dispose();
        _table.Dispose();
    }

    private void Run()
    {
        var heard = new List<KernelEvent>();
        while (!_stopping)
        {
            heard.Clear();
            if (!_socket.Listen(message => Add(heard, message)))
            {
                Tell("events of the kernel were lost: there were too many at once");
            }

            heard.ForEach(Take);
        }
    }

    private void Add(List<KernelEvent> heard, NetlinkMessage message)
    {
        if (KernelEvent.TryRead(message, out var happened) && happened.Table == _number)
        {
            heard.Add(happened);
        }
    }

    private void Take(KernelEvent happened)
    {
        Interlocked.Add(ref _counts[(int)happened.Kind], happened.Count);
        if (happened.Kind != KernelEventKind.NewSsrc)
        {
            Tell($"the kernel tells of {happened}");
        }

        // Who speaks decides which rows fit together, and silence ends calls: neither waits for the next full reading.
        if (happened.Kind is KernelEventKind.NewSsrc or KernelEventKind.Idle && _table.Read(happened.Local) is { } report)
        {
            _publish([report]);
        }
    }

    /// <summary>A line a second at most: thousands of rows may have the same to tell.</summary>
    private void Tell(string what)
    {
        long now = Environment.TickCount64;
        if (now - _toldAt < 1000)
        {
            _untold++;
            return;
        }

        Console.Error.WriteLine($"media: {what}{(_untold > 0 ? $" ({_untold} more such lines were left out)" : "")}");
        _toldAt = now;
        _untold = 0;
    }
}
