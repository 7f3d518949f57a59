using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Packets;
using RtpCluster.NodeAgent.Supervision;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>The calls of one reactor: which ports each holds, and the commands on them. Runs on the reactor's thread.</summary>
internal sealed class ReactorCalls(ReactorEngine engine, ReactorIo io)
{
    private readonly Dictionary<CallId, CallRecord> _calls = [];
    private readonly HashSet<CallId> _idle = [];

    /// <summary>Calls that keep an orphaned process running: all but those whose media fell silent.</summary>
    public int LiveCount => _calls.Count - _idle.Count;

    /// <summary>What a call costs, in RTP outputs, at least 1; 0: it is not here.</summary>
    public int WeightOf(CallId callId) =>
        _calls.TryGetValue(callId, out var record) ? Math.Max(1, record.Plan!.Streams.Sum(s => s.RtpOutputs.Length)) : 0;

    /// <summary>Puts a plan in force: opens what it names and is not open, closes what it no longer names.</summary>
    public ApplyReply Apply(Instant now, MediaPlan plan)
    {
        var result = engine.Apply(now, plan, io.Output);
        if (result == PlanResult.Stale)
        {
            return new ApplyReply(nameof(PlanResult.Stale), [], Errno.None);
        }

        var record = RecordOf(plan.CallId);
        Close(record.Take(plan).Planned);
        var refused = Open(record.Planned, out int errno);
        foreach (var port in record.Planned)
        {
            io.Refresh(port);
        }

        _idle.Remove(plan.CallId);
        engine.AdoptOffload(now, plan.CallId);
        return new ApplyReply(result == PlanResult.Applied ? nameof(PlanResult.Applied) : nameof(PlanResult.Duplicate), [.. refused], errno);
    }

    /// <summary>Ends a call and closes its ports.</summary>
    public StatisticsReply Remove(Instant now, CallId callId)
    {
        var statistics = engine.Remove(now, callId);
        if (_calls.Remove(callId, out var record))
        {
            Close(record.Planned);
        }

        _idle.Remove(callId);
        return new StatisticsReply(statistics);
    }

    /// <summary>What is here.</summary>
    public CallInventory[] Inventory() =>
        [.. _calls.Values.Select(c => new CallInventory(c.CallId, c.Plan!.Epoch, c.Planned, [.. c.Facts.Select(FactMessage.Of)]))];

    /// <summary>Notes a fact on its way up.</summary>
    public void Note(MediaFact fact)
    {
        if (!_calls.TryGetValue(fact.CallId, out var record))
        {
            return;
        }

        record.Note(fact);
        if (fact is CallIdle)
        {
            _idle.Add(fact.CallId);
        }
    }

    private CallRecord RecordOf(CallId callId)
    {
        if (!_calls.TryGetValue(callId, out var record))
        {
            _calls[callId] = record = new CallRecord(callId);
        }

        return record;
    }

    private List<NetEndpoint> Open(IEnumerable<NetEndpoint> ports, out int errno)
    {
        errno = Errno.None;
        List<NetEndpoint> refused = [];
        foreach (var port in ports)
        {
            int result = io.Bind(port);
            if (result != Errno.None)
            {
                errno = result;
                refused.Add(port);
            }
        }

        return refused;
    }

    private void Close(IEnumerable<NetEndpoint> ports)
    {
        foreach (var port in ports)
        {
            io.Close(port);
        }
    }
}
