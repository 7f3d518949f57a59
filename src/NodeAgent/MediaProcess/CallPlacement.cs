using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// Decides which reactor a call lives on. Reactors are filled one after the other, up to a load where one is far from busy: fewer awake
/// threads find more packets per wake-up. Beyond that the least loaded one takes the call. Pure but for its lock; any thread.
/// </summary>
internal sealed class CallPlacement(int reactors)
{
    /// <summary>Weight up to which a reactor is filled before the next: 256 two-party calls, about a fifth of a core.</summary>
    public const int PackedWeight = 512;

    /// <summary>What a call weighs before its plan is known.</summary>
    private const int DefaultWeight = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<CallId, Entry> _calls = [];
    private readonly int[] _weights = new int[reactors];

    /// <summary>Names the reactor for a command of a call. Each is followed by one <see cref="End"/>.</summary>
    public int Begin(CallId callId)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var entry))
            {
                _calls[callId] = entry = new Entry(Choose()) { Weight = DefaultWeight };
                _weights[entry.Reactor] += DefaultWeight;
            }

            entry.Running++;
            return entry.Reactor;
        }
    }

    /// <summary>A command has run. A call that is gone is forgotten once no other command of it is on its way.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="weight">What the call weighs now, in outputs; 0: the reactor no longer has it.</param>
    public void End(CallId callId, int weight)
    {
        lock (_lock)
        {
            var entry = _calls[callId];
            _weights[entry.Reactor] += weight - entry.Weight;
            entry.Weight = weight;
            if (--entry.Running == 0 && weight == 0)
            {
                _calls.Remove(callId);
            }
        }
    }

    private int Choose()
    {
        int packed = Array.FindIndex(_weights, w => w < PackedWeight);
        return packed >= 0 ? packed : Array.IndexOf(_weights, _weights.Min());
    }

    private sealed class Entry(int reactor)
    {
        public readonly int Reactor = reactor;
        public int Weight;
        public int Running;
    }
}
