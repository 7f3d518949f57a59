using RtpCluster.Contracts;
using RtpCluster.Media.Ice;

namespace RtpCluster.Unit.Media.Ice;

/// <summary>Repeatable randomness.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> target) => _random.NextBytes(target);
}

/// <summary>One agent and where it sits.</summary>
internal sealed class SimulatedHost(string address, int seed)
{
    public readonly IceAgent Agent = new(new SeededEntropy(seed), "test");
    public readonly NetEndpoint Local = NetEndpoint.Parse(address);

    /// <summary>What the outside sees of it; none: the same address.</summary>
    public NetEndpoint Mapped { get; init; }

    /// <summary>The NAT lets only those in that were sent to before, and only from those ports.</summary>
    public readonly HashSet<NetEndpoint> Opened = [];

    public NetEndpoint Seen => Mapped.IsNone ? Local : Mapped;
}

/// <summary>Two agents, a network between them that loses, delays and reorders, and virtual time.</summary>
internal sealed class SimulatedNetwork(SimulatedHost a, SimulatedHost b, int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(SimulatedHost To, NetEndpoint From, byte[] Bytes), long> _flying = new();

    public Instant Now { get; private set; } = new(1_000_000_000);

    public double Loss { get; set; }

    public int MinDelayMillis { get; set; } = 5;

    public int MaxDelayMillis { get; set; } = 5;

    public bool Cut { get; set; }

    public int Sent { get; private set; }

    /// <summary>Lets time pass until a condition holds; false: it never did.</summary>
    public bool RunUntil(Func<bool> condition, int millis)
    {
        var end = Now.AddMillis(millis);
        while (true)
        {
            Collect(a, b);
            Collect(b, a);
            if (condition())
            {
                return true;
            }

            var next = Next();
            if (next is null || next > end)
            {
                Now = end;
                return false;
            }

            Now = next.Value > Now ? next.Value : Now;
            Deliver();
            a.Agent.Tick(Now);
            b.Agent.Tick(Now);
        }
    }

    private Instant? Next()
    {
        Instant? next = _flying.TryPeek(out _, out long at) ? new Instant(at) : null;
        foreach (var deadline in new[] { a.Agent.NextDeadline, b.Agent.NextDeadline })
        {
            next = next is null || deadline < next ? deadline ?? next : next;
        }

        return next;
    }

    private void Collect(SimulatedHost from, SimulatedHost to)
    {
        while (from.Agent.TryGetTransmit(out var datagram))
        {
            Sent++;
            var target = datagram.Path.Remote;
            from.Opened.Add(target);
            bool reaches = target == to.Seen && (to.Mapped.IsNone || to.Opened.Contains(from.Seen));
            if (!Cut && reaches && _random.NextDouble() >= Loss)
            {
                _flying.Enqueue((to, from.Seen, datagram.Bytes), Now.AddMillis(_random.Next(MinDelayMillis, MaxDelayMillis + 1)).Micros);
            }
        }
    }

    private void Deliver()
    {
        while (_flying.TryPeek(out _, out long at) && at <= Now.Micros)
        {
            var (to, from, bytes) = _flying.Dequeue();
            to.Agent.Receive(Now, 0, from, bytes);
        }
    }
}
