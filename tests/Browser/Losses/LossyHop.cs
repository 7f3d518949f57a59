using System.Diagnostics;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser.Losses;

/// <summary>
/// A hop between the node and a browser's host that loses media and RTCP in both directions, at random by a seed, and keeps all that it saw.
/// STUN and DTLS pass.
/// </summary>
internal sealed class LossyHop : IDisposable
{
    private const int UdpProtocol = 17;
    private const int UdpHeader = 8;

    private readonly TunDevice _node;
    private readonly TunDevice _host;
    private readonly Random _random;
    private readonly Thread _thread;
    private readonly List<PassingPacket> _toNode = [];
    private readonly List<PassingPacket> _toHost = [];
    private volatile int _lossPercent;
    private volatile int _mediaPackets;
    private volatile bool _stopping;

    /// <summary>Takes the place of a lab's link between the node and the callers, or the callees.</summary>
    public LossyHop(Lab lab, bool callers, int seed)
    {
        _random = new Random(seed);
        var (host, device, net) = callers ? (lab.Caller, "a0", "a") : (lab.Callee, "b0", "b");
        var (node4, host4) = callers ? ("198.51.100.1", Lab.CallerV4) : ("198.51.100.129", Lab.CalleeV4);
        host.Ip("link", "del", "e0");
        _node = TunDevice.Create(lab.Node, device);
        _host = TunDevice.Create(host, "e0");
        lab.Node.Up(device, node4 + "/25", $"2001:db8:{net}::1/64");
        host.Up("e0", host4 + "/25", $"2001:db8:{net}::10/64");
        host.Ip("route", "add", "default", "via", node4, "dev", "e0");
        host.Ip("-6", "route", "add", "default", "via", $"2001:db8:{net}::1", "dev", "e0");
        _thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Of a hundred packets each way, how many get lost.</summary>
    public int LossPercent
    {
        get => _lossPercent;
        set => _lossPercent = value;
    }

    /// <summary>The payload type that <see cref="MediaPackets"/> counts.</summary>
    public byte PayloadType { get; set; }

    /// <summary>RTP packets that came here while some got lost, both ways.</summary>
    public int MediaPackets => _mediaPackets;

    /// <summary>What the browser sent and what it was sent, in order. Ends the hop.</summary>
    public (IReadOnlyList<PassingPacket> ToNode, IReadOnlyList<PassingPacket> ToHost) Stop()
    {
        _stopping = true;
        _thread.Join();
        return (_toNode, _toHost);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _node.Dispose();
        _host.Dispose();
    }

    private void Run()
    {
        var packet = new byte[65536];
        while (!_stopping)
        {
            var (left, right) = TunDevice.Wait(_node, _host, 100);
            if (left)
            {
                Pass(_node, _host, packet, _toHost);
            }

            if (right)
            {
                Pass(_host, _node, packet, _toNode);
            }
        }
    }

    private void Pass(TunDevice from, TunDevice to, byte[] packet, List<PassingPacket> seen)
    {
        int length = from.Read(packet);
        if (length <= 0)
        {
            return;
        }

        bool lost = false;
        if (Payload(packet.AsSpan(0, length)) is { Length: >= 12 } datagram && (datagram[0] & 0xc0) == 0x80)
        {
            int percent = _lossPercent;
            lost = percent > 0 && _random.Next(100) < percent;
            bool media = datagram[1] is < 194 or > 223;
            _mediaPackets += percent > 0 && (datagram[1] & 0x7f) == PayloadType ? 1 : 0;
            if (media)
            {
                seen.Add(new PassingPacket(Stopwatch.GetTimestamp() * 1_000_000 / Stopwatch.Frequency, percent > 0, lost, datagram.ToArray()));
            }
        }

        if (!lost)
        {
            to.Write(packet, length);
        }
    }

    /// <summary>What a UDP packet of IPv4 or IPv6 carries; empty: it is none.</summary>
    private static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet)
    {
        var (protocol, header) = (packet[0] >> 4) == 4 ? (packet[9], 4 * (packet[0] & 15)) : (packet[6], 40);
        return protocol == UdpProtocol && packet.Length > header + UdpHeader ? packet[(header + UdpHeader)..] : [];
    }
}

/// <summary>An RTP packet that came to a hop.</summary>
/// <param name="Micros">When.</param>
/// <param name="Counts">Packets got lost then: it counts.</param>
/// <param name="IsLost">It was this one's turn.</param>
/// <param name="Bytes">Itself, encrypted.</param>
internal sealed record PassingPacket(long Micros, bool Counts, bool IsLost, byte[] Bytes);
