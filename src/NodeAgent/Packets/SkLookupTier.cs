using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Bpf;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.MediaProcess;
using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// One socket per reactor and family for all ports: a BPF sk_lookup program steers each packet to the reactor that owns its port. Needs
/// CAP_BPF or CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_NET_RAW. Each port is bound all the same, so that the system gives it to nobody else, as far
/// as open files go; beyond that it is only steered, and net.ipv4.ip_local_reserved_ports should name the range.
/// </summary>
internal sealed class SkLookupTier : PacketTier
{
    private const int FilesForOthers = 1024;

    private readonly MediaProcessOptions _options;
    private readonly int _reactors;
    private readonly int _maxHolders;
    private readonly SteeringTable _table;
    private readonly NextHopTable? _routes;
    private readonly List<int> _sinks = [];

    /// <summary>Prepares the tier.</summary>
    /// <exception cref="TierUnavailableException">Something of it is not allowed here.</exception>
    public SkLookupTier(MediaProcessOptions options, int reactors)
    {
        _options = options;
        _reactors = reactors;
        _maxHolders = Math.Max(0, LibC.MaxOpenFiles() - FilesForOthers) / reactors;
        _table = new SteeringTable(options.Addresses, reactors);
        try
        {
            foreach (var family in options.Addresses.Select(a => a.Family).Distinct())
            {
                OpenSink(family);
                Probe(family);
            }

            _table.Attach(options.PacketsPerSecond, options.BurstPackets);
            _routes = options.DirectSend ? new NextHopTable() : null;
        }
        catch (TierUnavailableException)
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name => "sk_lookup";

    /// <inheritdoc/>
    public override ReactorIo CreateReactor(int index, ReactorEngine engine, EventFd wake) =>
        new SkLookupReactorIo(index, engine, wake, _table, Held, _maxHolders, _routes, _options);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _routes?.Dispose();
        base.Dispose();
        _table.Dispose();
        _sinks.ForEach(LibC.close);
    }

    /// <summary>A bound socket that hears nothing once the port is steered keeps other programs off it, and tells whether one has it already.</summary>
    protected override int OpenPort(in NetEndpoint local, out int errno)
    {
        if (_table.IndexOf(local.Address) < 0)
        {
            errno = Errno.AddressNotAvailable;
            return -1;
        }

        int fd = UdpSocket.Open(local, _options.FreeBind, out errno);
        if (errno == Errno.TooManyFiles)
        {
            errno = Errno.None;
        }

        return fd;
    }

    /// <summary>Some port of our own, so that the socket is in the kernel's tables; which one does not matter.</summary>
    internal static int OpenUnsteered(IpFamily family)
    {
        var loopback = family == IpFamily.V6 ? new IpAddress(1, IpFamily.V6) : IpAddress.FromV4(0x7f000001);
        int fd = UdpSocket.Open(new NetEndpoint(loopback, 0), freeBind: true, out int errno);
        return fd >= 0 ? fd : throw new TierUnavailableException($"UDP socket: {LibC.Describe(errno)}");
    }

    /// <summary>Where floods go: a socket whose filter lets nothing in, so that neither we nor an ICMP answer spend time on them.</summary>
    private void OpenSink(IpFamily family)
    {
        int fd = OpenUnsteered(family);
        _sinks.Add(fd);
        int errno = UdpSocket.AttachDropFilter(fd);
        if (errno != Errno.None)
        {
            throw new TierUnavailableException($"socket filter: {LibC.Describe(errno)}");
        }

        _table.SetSocket(_reactors, family, fd);
    }

    private static void Probe(IpFamily family)
    {
        int fd = UdpSocket.OpenRaw(family, out int errno);
        if (fd < 0)
        {
            throw new TierUnavailableException($"raw socket: {LibC.Describe(errno)}");
        }

        LibC.close(fd);
    }
}
