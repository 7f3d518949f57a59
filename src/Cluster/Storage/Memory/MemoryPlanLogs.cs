namespace RtpCluster.Cluster.Storage;

/// <summary>The twin of the logs of floating addresses. Not safe for concurrent use.</summary>
internal sealed class MemoryPlanLogs
{
    private readonly Dictionary<string, PlanLog> _logs = [];

    /// <summary>Writes; the caller has checked the owner.</summary>
    public CommitOutcome Append(AppendPlans request)
    {
        var before = _logs.GetValueOrDefault(request.Resource) ?? new(0, [], 0, []);
        var entries = before.Epoch == request.Epoch ? before.Entries.ToList() : [];
        long number = before.Epoch == request.Epoch ? before.Number : 0;
        var plans = new SortedDictionary<string, LoggedPlan>(before.Plans, StringComparer.Ordinal);
        foreach (var plan in request.Plans)
        {
            number++;
            entries.Add(plan);
            if (plan.Plan.IsEmpty)
            {
                plans.Remove(plan.CallId);
            }
            else
            {
                plans[plan.CallId] = plan;
            }
        }

        entries.RemoveRange(0, Math.Max(0, entries.Count - AppendPlans.LogLength));
        _logs[request.Resource] = new(request.Epoch, entries, number, plans);
        return CommitOutcome.Ok;
    }

    /// <summary>Reads.</summary>
    public PlanLogReply Read(ReadPlanLog request)
    {
        var log = _logs.GetValueOrDefault(request.Resource) ?? new(0, [], 0, []);
        long after = request.After.Number;
        var position = new LogPosition(log.Epoch, log.Number);
        bool all = request.After.Epoch != log.Epoch || after > log.Number || after < log.Number - AppendPlans.LogLength;
        return all ? new(position, true, [.. log.Plans.Values]) : new(position, false, [.. log.Entries.Skip(log.Entries.Count - (int)(log.Number - after))]);
    }

    /// <summary>Copies; what is there is never changed in place.</summary>
    public void CopyTo(MemoryPlanLogs other)
    {
        foreach (var (resource, log) in _logs)
        {
            other._logs[resource] = log;
        }
    }

    private sealed record PlanLog(long Epoch, List<LoggedPlan> Entries, long Number, SortedDictionary<string, LoggedPlan> Plans);
}
