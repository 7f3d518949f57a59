using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Golden;

/// <summary>
/// Runs a call machine as a shell would, in one thread and without a network: ports count up from 30000, keys come from a counting source,
/// the store keeps the last snapshot.
/// </summary>
public sealed class CallDriver(CallConfig config, string callId) : IEntropy
{
    private byte _entropy = 1;
    private int _nextPort = 30000;

    /// <summary>The machine; replaced by <see cref="Restart"/>.</summary>
    public CallMachine Machine { get; private set; } = new(config, new CallId(callId));

    /// <summary>The time that the next input has.</summary>
    public Instant Now { get; set; } = new(1_700_000_000_000_000);

    /// <summary>How many port requests can still be served.</summary>
    public int FreePorts { get; set; } = int.MaxValue;

    /// <summary>What statistics reads return.</summary>
    public CallStatistics? Statistics { get; set; }

    /// <summary>Everything that came out, in order.</summary>
    public List<CallEffect> Effects { get; } = [];

    /// <summary>The last plan pushed; null: none, or the call has ended.</summary>
    public MediaPlan? Plan { get; private set; }

    /// <summary>The last state saved; null: none, or the call has ended.</summary>
    public StoredCall? Stored { get; private set; }

    /// <summary>Runs a command and returns its reply.</summary>
    public NgDictionary Run(NgCommand command)
    {
        Effects.Clear();
        Machine.Handle(Now, command, this);
        Drain();
        return Effects.OfType<Reply>().Single().Body;
    }

    /// <summary>Hands in a fact.</summary>
    public void Report(MediaFact fact)
    {
        Effects.Clear();
        Machine.Handle(Now, fact);
        Drain();
    }

    /// <summary>Moves the time and does what is due.</summary>
    public void Advance(double seconds)
    {
        Effects.Clear();
        Now = Now.AddSeconds(seconds);
        Machine.Tick(Now);
        Drain();
    }

    /// <summary>Kills the machine and loads it again from the store.</summary>
    public void Restart() => Machine = Stored is null ? new CallMachine(config, new CallId(callId)) : CallMachine.Restore(config, Stored);

    /// <inheritdoc/>
    public void Fill(Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = _entropy++;
        }
    }

    private void Drain()
    {
        while (Machine.TryGetOutput(out var effect))
        {
            Effects.Add(effect);
            Carry(effect);
        }
    }

    private void Carry(CallEffect effect)
    {
        switch (effect)
        {
            case ReservePorts reserve:
                Machine.Handle(Now, new PortsReserved(Reserve(reserve.Requests)));
                break;
            case ReadStatistics:
                Machine.Handle(Now, new StatisticsRead(Statistics));
                break;
            case SaveCall save:
                Stored = save.Call;
                break;
            case PushPlan push:
                Plan = push.Plan;
                break;
            case CallEnded:
                Plan = null;
                Stored = null;
                break;
            default:
                break;
        }
    }

    private ushort[]? Reserve(IReadOnlyList<PortRequest> requests)
    {
        if (requests.Count > FreePorts)
        {
            return null;
        }

        FreePorts -= requests.Count;
        var ports = new ushort[requests.Count];
        for (int i = 0; i < ports.Length; i++)
        {
            ports[i] = (ushort)_nextPort;
            _nextPort += 2;
        }

        return ports;
    }
}
