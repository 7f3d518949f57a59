using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Fuzz.Targets;

/// <summary>Carries out what a call machine asks for: ports without end, statistics without content, no store.</summary>
internal sealed class CallDriver(CallConfig config)
{
    private readonly CallMachine _machine = new(config, new CallId("c"));
    private readonly FixedEntropy _entropy = new();
    private Instant _now = new(1_700_000_000_000_000);
    private ushort _nextPort = 30_000;
    private StoredCall? _stored;

    /// <summary>The plan pushed last.</summary>
    public MediaPlan? Plan { get; private set; }

    /// <summary>Runs a command to its reply.</summary>
    public NgDictionary Send(NgCommand command)
    {
        _now = _now.AddSeconds(1);
        _machine.Handle(_now, command, _entropy);
        NgDictionary? reply = null;
        while (_machine.TryGetOutput(out var effect))
        {
            switch (effect)
            {
                case ReservePorts reserve:
                    _machine.Handle(_now, new PortsReserved([.. reserve.Requests.Select(request => Take(request.Count))]));
                    break;
                case ReadStatistics:
                    _machine.Handle(_now, new StatisticsRead(null));
                    break;
                case PushPlan push:
                    Plan = push.Plan;
                    break;
                case SaveCall save:
                    _stored = save.Call;
                    break;
                case Reply answer:
                    reply = answer.Body;
                    break;
            }
        }

        FuzzFailure.Unless(reply?["result"] is NgString, $"{command.Verb} got no reply");
        _machine.Tick(_now);
        while (_machine.TryGetOutput(out _))
        {
            // What a tick saves or pushes concerns nobody here.
        }

        return reply!;
    }

    /// <summary>What was saved last must be a call again.</summary>
    public void Restore()
    {
        if (_stored is { } stored)
        {
            CallMachine.Restore(config, stored);
        }
    }

    private ushort Take(int count)
    {
        ushort port = _nextPort;
        _nextPort += (ushort)((count + 1) & ~1);
        return port;
    }

    /// <summary>The same bytes for every input, so that a seed repeats its failure.</summary>
    private sealed class FixedEntropy : IEntropy
    {
        private byte _next;

        public void Fill(Span<byte> target)
        {
            foreach (ref byte b in target)
            {
                b = _next++;
            }
        }
    }
}
