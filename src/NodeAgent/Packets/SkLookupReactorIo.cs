using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Bpf;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>One reactor's share of the steered ports: a receiving and a raw sending socket per family.</summary>
internal sealed class SkLookupReactorIo : ReactorIo
{
    private const int BatchSize = 64;
    private const int BatchesPerRound = 4;
    private const int SendBuffer = 4 * 1024 * 1024;
    private const int WakeToken = -1;

    private readonly int _index;
    private readonly ReactorEngine _engine;
    private readonly EventFd _wake;
    private readonly SteeringTable _table;
    private readonly EpollSet _epoll = new(8);
    private readonly ReceiveBatch _batch = new(BatchSize);
    private readonly List<int> _owned = [];
    private readonly List<int> _receivers = [];
    private readonly Dictionary<NetEndpoint, long> _refused = [];
    private readonly PortHandle[] _handles;
    private readonly RawOutput _output;

    public SkLookupReactorIo(int index, ReactorEngine engine, EventFd wake, SteeringTable table, MediaProcessOptions options)
    {
        _index = index;
        _engine = engine;
        _wake = wake;
        _table = table;
        _handles = new PortHandle[options.Addresses.Count * SteeringProgram.PortsPerAddress];
        _epoll.Add(wake.Fd, WakeToken);
        int v4 = Open(IpFamily.V4, options);
        int v6 = Open(IpFamily.V6, options);
        _output = new RawOutput(engine.Counters, v4, v6);
    }

    /// <inheritdoc/>
    public override OutputBatch Output => _output;

    /// <inheritdoc/>
    public override int Bind(in NetEndpoint local)
    {
        int address = _table.IndexOf(local.Address);
        if (address < 0)
        {
            return Errno.AddressNotAvailable;
        }

        if (_refused.ContainsKey(local))
        {
            return Errno.None;
        }

        // Binding for a moment tells whether another program holds the port, and whether the address is on this machine.
        int probe = UdpSocket.Open(local, freeBind: false, out int errno);
        if (probe < 0)
        {
            return errno;
        }

        LibC.close(probe);
        if (_table.IsGiven(address, local.Port))
        {
            return Errno.AddressInUse;
        }

        _refused[local] = 0;
        Refresh(local);
        _table.Give(address, local.Port, _index);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override void Close(in NetEndpoint local)
    {
        if (_refused.ContainsKey(local))
        {
            CollectDrops(local);
            int address = _table.IndexOf(local.Address);
            _table.Take(address, local.Port);
            _refused.Remove(local);
            _handles[Slot(address, local.Port)] = default;
        }
    }

    /// <inheritdoc/>
    public override void Refresh(in NetEndpoint local)
    {
        int address = _table.IndexOf(local.Address);
        if (address >= 0)
        {
            _handles[Slot(address, local.Port)] = _engine.TryFindPort(local, out var handle) ? handle : default;
        }
    }

    /// <inheritdoc/>
    public override void Wait(int timeoutMillis)
    {
        // A short look is the receive call itself.
        int events = timeoutMillis == 0 ? 0 : _epoll.Wait(timeoutMillis);
        for (int i = 0; i < events; i++)
        {
            if (_epoll.Token(i) == WakeToken)
            {
                _wake.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override int Receive(Instant now)
    {
        int packets = 0;
        foreach (int fd in _receivers)
        {
            for (int round = 0; round < BatchesPerRound; round++)
            {
                int n = _batch.Receive(fd, BatchSize, wantLocal: true);
                for (int i = 0; i < n; i++)
                {
                    Take(now, i);
                }

                packets += Math.Max(n, 0);
                if (n < BatchSize)
                {
                    break;
                }
            }
        }

        return packets;
    }

    /// <inheritdoc/>
    public override void CollectDrops()
    {
        foreach (var local in _refused.Keys.ToArray())
        {
            CollectDrops(local);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _owned.ForEach(LibC.close);
        _epoll.Dispose();
        _batch.Dispose();
        _output.Dispose();
    }

    private void Take(Instant now, int i)
    {
        if (_batch.IsTruncated(i))
        {
            _engine.Counters.CountDrop(DropReason.TooLarge);
            return;
        }

        var local = _batch.Local(i);
        int address = _table.IndexOf(local.Address);
        var handle = address < 0 ? default : _handles[Slot(address, local.Port)];
        _engine.Receive(now, handle, _batch.Source(i), _batch.Buffer(i), _batch.Length(i), _output);
    }

    private int Open(IpFamily family, MediaProcessOptions options)
    {
        if (!options.Addresses.Any(a => a.Family == family))
        {
            return -1;
        }

        int receiver = SkLookupTier.OpenUnsteered(family);
        _owned.Add(receiver);
        _receivers.Add(receiver);
        UdpSocket.SetReceiveBuffer(receiver, options.ReactorReceiveBuffer);
        bool v6 = family == IpFamily.V6;
        LibC.SetOption(receiver, v6 ? LibC.SolIpv6 : LibC.SolIp, v6 ? LibC.Ipv6OrigDstAddr : LibC.IpOrigDstAddr, 1);
        _epoll.Add(receiver, receiver);
        _table.SetSocket(_index, family, receiver);

        int sender = UdpSocket.OpenRaw(family, out int errno);
        if (sender < 0)
        {
            throw new TierUnavailableException($"raw socket: {LibC.Describe(errno)}");
        }

        _owned.Add(sender);
        UdpSocket.SetSendBuffer(sender, SendBuffer);
        return sender;
    }

    private void CollectDrops(in NetEndpoint local)
    {
        long refused = _table.Refused(_table.IndexOf(local.Address), local.Port);
        if (refused > _refused[local])
        {
            _engine.Counters.CountDrop(DropReason.RateLimited, refused - _refused[local]);
            _refused[local] = refused;
        }
    }

    private static int Slot(int address, ushort port) => (address * SteeringProgram.PortsPerAddress) + port;
}
