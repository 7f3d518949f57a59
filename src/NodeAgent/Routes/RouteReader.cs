using System.Runtime.InteropServices;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Routes;

/// <summary>Asks the kernel for routes, neighbours and interfaces (rtnetlink(7)). One thread.</summary>
internal sealed class RouteReader : IDisposable
{
    private const ushort GetLink = 18, GetRoute = 26, GetNeighbour = 30;
    private const ushort LinkMtu = 4;
    private const ushort RouteDestination = 1, RouteSource = 2, RouteOutput = 4, RouteGateway = 5, RouteMetrics = 8, RouteEncapsulation = 22;
    private const ushort NeighbourDestination = 1, NeighbourLinkAddress = 2;
    private const ushort MetricMtu = 2;
    private const byte AfInet = 2, AfInet6 = 10;
    private const byte Unicast = 1;
    private const ushort Ethernet = 1;
    private const uint InterfaceUp = 1;
    private const int LinkBody = 16, RouteBody = 12, NeighbourBody = 12, MacSize = 6;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.RouteProtocol);
    private readonly Dictionary<int, int> _mtus = [];
    private readonly Dictionary<(int Interface, IpAddress Address), Neighbour> _neighbours = [];

    /// <summary>Reads all neighbours and interfaces afresh.</summary>
    public void Refresh()
    {
        ReadLinks();
        _neighbours.Clear();
        ReadNeighbours(AfInet);
        ReadNeighbours(AfInet6);
    }

    /// <summary>Reads the route of an entry.</summary>
    public void Route(NextHopEntry entry)
    {
        entry.RouteInterface = 0;
        Span<byte> body = stackalloc byte[RouteBody];
        Span<byte> address = stackalloc byte[16];
        body.Clear();
        bool v6 = entry.Key.Remote.Family == IpFamily.V6;
        body[0] = v6 ? AfInet6 : AfInet;
        body[1] = body[2] = (byte)(v6 ? 128 : 32);
        body[3] = v6 ? (byte)0 : entry.Key.Tos;
        _socket.Begin(GetRoute, NetlinkSocket.Request, body)
            .With(RouteDestination, address[..entry.Key.Remote.WriteBytes(address)])
            .With(RouteSource, address[..entry.Key.Local.WriteBytes(address)])
            .Ask();
        if (!_socket.Next(out _, out var answer) || answer.Length < RouteBody || answer[7] != Unicast)
        {
            return;
        }

        var attributes = answer[RouteBody..];
        if (NetlinkSocket.TryFind(attributes, RouteEncapsulation, out _) || !NetlinkSocket.TryFind(attributes, RouteOutput, out var output))
        {
            return;
        }

        // A gateway of another family (RTA_VIA) is not found here, and its neighbour then neither: the kernel sends those.
        entry.Neighbour = NetlinkSocket.TryFind(attributes, RouteGateway, out var gateway) ? IpAddress.FromBytes(gateway) : entry.Key.Remote;
        entry.RouteMtu = NetlinkSocket.TryFind(attributes, RouteMetrics, out var metrics) && NetlinkSocket.TryFind(metrics, MetricMtu, out var mtu)
            ? MemoryMarshal.Read<int>(mtu) : 0;
        entry.RouteInterface = MemoryMarshal.Read<int>(output);
    }

    /// <summary>Puts an entry's route, its neighbour and its interface together.</summary>
    public void Complete(NextHopEntry entry)
    {
        if (entry.RouteInterface == 0 || !_mtus.TryGetValue(entry.RouteInterface, out int mtu)
            || !_neighbours.TryGetValue((entry.RouteInterface, entry.Neighbour), out var neighbour))
        {
            entry.Hop = null;
            return;
        }

        int longest = entry.RouteMtu > 0 ? Math.Min(entry.RouteMtu, mtu) : mtu;
        if (entry.Hop is not { } hop || hop.Interface != entry.RouteInterface || hop.Mac != neighbour.Mac || hop.MaxPacket != longest)
        {
            entry.Hop = new NextHop(entry.RouteInterface, neighbour.Mac, longest);
        }

        entry.Confirm = neighbour.IsStale;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void ReadLinks()
    {
        _mtus.Clear();
        Span<byte> body = stackalloc byte[LinkBody];
        body.Clear();
        _socket.Begin(GetLink, NetlinkSocket.Request | NetlinkSocket.Dump, body).Ask();
        while (_socket.Next(out _, out var link))
        {
            // struct ifinfomsg: family, type (u16 at 2), index (4), flags (8).
            if (link.Length >= LinkBody && MemoryMarshal.Read<ushort>(link[2..]) == Ethernet
                && (MemoryMarshal.Read<uint>(link[8..]) & InterfaceUp) != 0 && NetlinkSocket.TryFind(link[LinkBody..], LinkMtu, out var mtu))
            {
                _mtus[MemoryMarshal.Read<int>(link[4..])] = MemoryMarshal.Read<int>(mtu);
            }
        }
    }

    private void ReadNeighbours(byte family)
    {
        const ushort reachable = 0x02, stale = 0x04, delay = 0x08, probe = 0x10, noArp = 0x40, permanent = 0x80;
        Span<byte> body = stackalloc byte[NeighbourBody];
        body.Clear();
        body[0] = family;
        _socket.Begin(GetNeighbour, NetlinkSocket.Request | NetlinkSocket.Dump, body).Ask();
        while (_socket.Next(out _, out var neighbour))
        {
            // struct ndmsg: family, index (4), state (u16 at 8).
            if (neighbour.Length < NeighbourBody)
            {
                continue;
            }

            ushort state = MemoryMarshal.Read<ushort>(neighbour[8..]);
            var attributes = neighbour[NeighbourBody..];
            if ((state & (reachable | stale | delay | probe | noArp | permanent)) != 0
                && NetlinkSocket.TryFind(attributes, NeighbourDestination, out var address)
                && NetlinkSocket.TryFind(attributes, NeighbourLinkAddress, out var mac) && mac.Length == MacSize)
            {
                ulong value = MemoryMarshal.Read<uint>(mac) | ((ulong)MemoryMarshal.Read<ushort>(mac[4..]) << 32);
                _neighbours[(MemoryMarshal.Read<int>(neighbour[4..]), IpAddress.FromBytes(address))] = new Neighbour(value, (state & stale) != 0);
            }
        }
    }

    private readonly record struct Neighbour(ulong Mac, bool IsStale);
}
