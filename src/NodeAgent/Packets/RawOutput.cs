using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// Sends a batch as whole IP packets: those whose next host is known straight to the network device, the others by raw sockets, for which
/// the kernel finds the way.
/// </summary>
internal sealed unsafe class RawOutput : OutputBatch, IDisposable
{
    private const int Slots = 64;

    private readonly EngineCounters _counters;
    private readonly NextHopTable? _routes;
    private readonly SendLane _v4;
    private readonly SendLane _v6;
    private readonly SendLane _link;
    private Way[] _ways = new Way[64];

    /// <summary>Takes two raw sockets and a packet socket, which stay the caller's; -1: not in use.</summary>
    public RawOutput(EngineCounters counters, int v4, int v6, int link, NextHopTable? routes)
        : base(Slots)
    {
        _counters = counters;
        _routes = link >= 0 ? routes : null;
        _v4 = new SendLane(counters, v4, Slots);
        _v6 = new SendLane(counters, v6, Slots);
        _link = new SendLane(counters, link, Slots);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
        _link.Dispose();
    }

    /// <inheritdoc/>
    protected override void Flush()
    {
        var pending = Pending;
        fixed (byte* buffer = PinnedBuffer)
        {
            for (int i = 0; i < pending.Length; i++)
            {
                ref readonly var packet = ref pending[i];
                var family = packet.Remote.Address.Family;
                if (packet.Local.Address.Family != family)
                {
                    _counters.CountDrop(DropReason.SendFailed);
                    continue;
                }

                byte* payload = buffer + (i * SlotSize);
                if (HopOf(packet) is { } hop)
                {
                    _link.Add(packet, payload, hop);
                }
                else
                {
                    (family == IpFamily.V6 ? _v6 : _v4).Add(packet, payload);
                }
            }

            _v4.Send();
            _v6.Send();
            _link.Send();
        }
    }

    /// <summary>The next host of a packet; null: the kernel shall send it.</summary>
    private NextHop? HopOf(in OutputDatagram packet)
    {
        if (_routes is null)
        {
            return null;
        }

        if (packet.From.Index >= _ways.Length)
        {
            Array.Resize(ref _ways, Math.Max(packet.From.Index + 1, _ways.Length * 2));
        }

        ref var way = ref _ways[packet.From.Index];
        if (way.Entry is not { Retired: false } entry || way.From != packet.From || way.Remote != packet.Remote.Address || way.Tos != packet.Tos)
        {
            entry = _routes.Find(new RouteKey(packet.Local.Address, packet.Remote.Address, packet.Tos));
            way = new Way(packet.From, packet.Remote.Address, packet.Tos, entry);
        }

        if (!entry.Used)
        {
            entry.Used = true;
        }

        if (entry.Confirm)
        {
            entry.Confirm = false;
            return null;
        }

        return entry.Hop is { } hop && packet.Length + PacketHeader.V6Size <= hop.MaxPacket ? hop : null;
    }

    /// <summary>The way that the last packet from a port went.</summary>
    private readonly record struct Way(PortHandle From, IpAddress Remote, byte Tos, NextHopEntry? Entry);
}
