using System.Runtime.InteropServices;
using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Housekeeping;

/// <summary>
/// The calls of a reactor, and whose turn it is to be looked after: each call once a second, however often the shell ticks. With frequent
/// ticks a node full of calls never holds its packets up.
/// </summary>
internal sealed class CallList
{
    private const long RoundMicros = 1_000_000;

    private readonly Dictionary<CallId, CallRuntime> _byId = [];
    private readonly List<CallRuntime> _round = [];
    private Instant _lastTick;
    private long _owed;
    private int _next;

    /// <summary>How many.</summary>
    public int Count => _round.Count;

    /// <summary>All of them.</summary>
    public IEnumerable<CallRuntime> All => _round;

    /// <summary>The call of an id; null: unknown.</summary>
    public CallRuntime? Find(CallId id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a call.</summary>
    public void Add(CallRuntime call)
    {
        _byId.Add(call.Id, call);
        call.Position = _round.Count;
        _round.Add(call);
    }

    /// <summary>Removes a call; its place goes to the last one.</summary>
    public void Remove(CallRuntime call)
    {
        _byId.Remove(call.Id);
        var last = _round[^1];
        _round[call.Position] = last;
        last.Position = call.Position;
        _round.RemoveAt(_round.Count - 1);
    }

    /// <summary>The calls whose turn has come since the last tick, in at most two pieces.</summary>
    public void TakeTurn(Instant now, out ReadOnlySpan<CallRuntime> first, out ReadOnlySpan<CallRuntime> second)
    {
        long elapsed = _lastTick.Micros == 0 ? RoundMicros : Math.Clamp(now - _lastTick, 0, RoundMicros);
        _lastTick = now;
        _owed = Math.Min(_owed + (elapsed * Count), RoundMicros * Count);
        int due = (int)(_owed / RoundMicros);
        _owed -= due * RoundMicros;

        int start = _next < Count ? _next : 0;
        var all = (ReadOnlySpan<CallRuntime>)CollectionsMarshal.AsSpan(_round);
        int head = Math.Min(due, Count - start);
        first = all.Slice(start, head);
        second = all[..(due - head)];
        _next = start + due < Count ? start + due : start + due - Count;
    }
}
