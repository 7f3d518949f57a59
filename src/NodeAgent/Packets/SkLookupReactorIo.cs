using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Bpf;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.MediaProcess;
using RtpCluster.NodeAgent.Routes;

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
    private readonly Dictionary<NetEndpoint, SteeredPort> _ports = [];
    private readonly HeldPorts _held;
    private readonly int _maxHolders;
    private readonly PortHandle[] _handles;
    private readonly RawOutput _output;

    /// <summary>Opens the reactor's sockets.</summary>
    /// <param name="index">The reactor.</param>
    /// <param name="engine">Its engine.</param>
    /// <param name="wake">What wakes it.</param>
    /// <param name="table">Steers the ports.</param>
    /// <param name="held">Ports that wait for a call.</param>
    /// <param name="maxHolders">Ports that may have a socket to hold them; the others are only steered.</param>
    /// <param name="routes">Knows where packets go; null: the kernel shall find out for each.</param>
    /// <param name="options">Buffers and addresses.</param>
    public SkLookupReactorIo(
        int index, ReactorEngine engine, EventFd wake, SteeringTable table, HeldPorts held, int maxHolders, NextHopTable? routes, MediaProcessOptions options)
    {
        _held = held;
        _maxHolders = maxHolders;
        _index = index;
        _engine = engine;
        _wake = wake;
        _table = table;
        _handles = new PortHandle[options.Addresses.Count * SteeringProgram.PortsPerAddress];
        _epoll.Add(wake.Fd, WakeToken);
        int v4 = Open(IpFamily.V4, options);
        int v6 = Open(IpFamily.V6, options);
        _output = new RawOutput(engine.Counters, v4, v6, OpenLink(options), routes);
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

        if (_ports.ContainsKey(local))
        {
            return Errno.None;
        }

        int holder = _held.Take(local, out int errno);
        if (errno != Errno.None)
        {
            return errno;
        }

        if (_table.IsGiven(address, local.Port))
        {
            Discard(holder);
            return Errno.AddressInUse;
        }

        if (_ports.Count >= _maxHolders)
        {
            Discard(holder);
            holder = -1;
        }

        _ports[local] = new SteeredPort(address, holder);
        Refresh(local);
        _table.Give(address, local.Port, _index);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override void Close(in NetEndpoint local)
    {
        if (_ports.Remove(local, out var port))
        {
            CollectDrops(local.Port, port);
            _table.Take(port.Address, local.Port);
            _handles[Slot(port.Address, local.Port)] = default;
            Discard(port.Holder);
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
    public override bool Wait(int timeoutMillis)
    {
        // A short look is the receive call itself.
        int events = timeoutMillis == 0 ? 0 : _epoll.Wait(timeoutMillis);
        int packets = events;
        for (int i = 0; i < events; i++)
        {
            if (_epoll.Token(i) == WakeToken)
            {
                _wake.Clear();
                packets--;
            }
        }

        return packets > 0;
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
        foreach (var (local, port) in _ports)
        {
            CollectDrops(local.Port, port);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var port in _ports.Values)
        {
            Discard(port.Holder);
        }

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

    private int OpenLink(MediaProcessOptions options)
    {
        if (!options.DirectSend)
        {
            return -1;
        }

        int link = UdpSocket.OpenLink();
        _owned.Add(link);
        UdpSocket.SetSendBuffer(link, SendBuffer);
        return link;
    }

    private void CollectDrops(ushort number, SteeredPort port)
    {
        long refused = _table.Refused(port.Address, number);
        if (refused > port.Refused)
        {
            _engine.Counters.CountDrop(DropReason.RateLimited, refused - port.Refused);
            port.Refused = refused;
        }
    }

    private static void Discard(int fd)
    {
        if (fd >= 0)
        {
            LibC.close(fd);
        }
    }

    private static int Slot(int address, ushort port) => (address * SteeringProgram.PortsPerAddress) + port;

    /// <summary>A port of ours: its address's place, the socket that holds it (-1: none left), and the refusals counted so far.</summary>
    private sealed class SteeredPort(int address, int holder)
    {
        public readonly int Address = address;
        public readonly int Holder = holder;
        public long Refused;
    }
}
