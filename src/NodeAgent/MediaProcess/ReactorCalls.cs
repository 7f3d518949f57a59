using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Packets;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>The calls of one reactor: which ports each holds, and the commands on them. Runs on the reactor's thread.</summary>
internal sealed class ReactorCalls(ReactorEngine engine, ReactorIo io)
{
    private readonly Dictionary<CallId, HashSet<NetEndpoint>> _ports = [];
    private readonly HashSet<CallId> _idle = [];

    /// <summary>Calls that keep an orphaned process running: all but those whose media fell silent.</summary>
    public int LiveCount => _ports.Count - _idle.Count;

    /// <summary>Binds ports for a call, all or none.</summary>
    public BindReply Bind(PortsRequest request)
    {
        var held = PortsOf(request.CallId);
        var fresh = request.Ports.Where(p => !held.Contains(p)).ToList();
        var refused = Open(fresh, out int errno);
        if (refused.Count > 0)
        {
            Close(fresh.Except(refused));
            DropWhenEmpty(request.CallId, held);
            return new BindReply([.. refused], errno);
        }

        held.UnionWith(fresh);
        return new BindReply([], Errno.None);
    }

    /// <summary>Closes ports that no plan uses.</summary>
    public void Release(PortsRequest request)
    {
        if (_ports.TryGetValue(request.CallId, out var held))
        {
            foreach (var port in request.Ports)
            {
                if (!engine.TryFindPort(port, out _) && held.Remove(port))
                {
                    io.Close(port);
                }
            }

            DropWhenEmpty(request.CallId, held);
        }
    }

    /// <summary>Puts a plan in force: opens what it names and is not open, closes what it no longer names.</summary>
    public ApplyReply Apply(Instant now, MediaPlan plan)
    {
        var needed = plan.Streams.SelectMany(s => s.Locals).ToHashSet();
        var result = engine.Apply(now, plan, io.Output);
        if (result == PlanResult.Stale)
        {
            return new ApplyReply(nameof(PlanResult.Stale), [], Errno.None);
        }

        var held = PortsOf(plan.CallId);
        Close(held.Where(p => !needed.Contains(p)));
        var refused = Open(needed.Where(p => !held.Contains(p)), out int errno);
        held.Clear();
        held.UnionWith(needed.Except(refused));
        foreach (var port in held)
        {
            io.Refresh(port);
        }

        _idle.Remove(plan.CallId);
        return new ApplyReply(result == PlanResult.Applied ? nameof(PlanResult.Applied) : nameof(PlanResult.Duplicate), [.. refused], errno);
    }

    /// <summary>Ends a call and closes its ports.</summary>
    public StatisticsReply Remove(Instant now, CallId callId)
    {
        var statistics = engine.Remove(now, callId);
        if (_ports.Remove(callId, out var held))
        {
            Close(held);
        }

        _idle.Remove(callId);
        return new StatisticsReply(statistics);
    }

    /// <summary>What is here.</summary>
    public CallInventory[] Inventory()
    {
        var epochs = engine.Inventory.ToDictionary(c => c.Id, c => c.Epoch);
        return [.. _ports.Select(c => new CallInventory(c.Key, epochs.GetValueOrDefault(c.Key), [.. c.Value]))];
    }

    /// <summary>Notes a fact on its way up.</summary>
    public void Note(MediaFact fact)
    {
        if (fact is CallIdle && _ports.ContainsKey(fact.CallId))
        {
            _idle.Add(fact.CallId);
        }
    }

    private HashSet<NetEndpoint> PortsOf(CallId callId)
    {
        if (!_ports.TryGetValue(callId, out var held))
        {
            _ports[callId] = held = [];
        }

        return held;
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

    private void DropWhenEmpty(CallId callId, HashSet<NetEndpoint> held)
    {
        // A call with a plan but without ports (everything rejected) still has to show up in the inventory.
        if (held.Count == 0 && engine.Read(callId) is null)
        {
            _ports.Remove(callId);
        }
    }
}
