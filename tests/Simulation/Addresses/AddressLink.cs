using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>A process's hand on its host and on the link.</summary>
public sealed class AddressLink(World world, SimProcess process, AddressHost host, IReadOnlyList<AddressHost> hosts, Action<string> wrong) : IFloatingMedia
{
    private const int AnswerMillis = 2;

    public Action<CallId>? PlanTouched { get; set; }

    public bool IsPresent(IpAddress address) => host.IsPresent;

    public bool CanAsk(FloatingAddress address) => true;

    public ValueTask<bool> IsAnsweredAsync(FloatingAddress address, int millis)
    {
        var source = new TaskCompletionSource<bool>();
        bool answered = hosts.Any(h => h != host && h.IsPresent && h.Hears(host)) && !world.Plant.HasFlag(Plant.LinkUnasked);
        world.At(process, answered ? AnswerMillis : millis, () => source.SetResult(answered));
        return new(source.Task);
    }

    public string Raise(FloatingAddress address, int lifeSeconds)
    {
        if (!host.IsPresent && hosts.FirstOrDefault(h => h != host && h.IsPresent && Math.Max(h.StrangeUntil, host.StrangeUntil) < world.Now) is { } other)
        {
            wrong($"{host.Name} takes the address at {world.Now - 1_000_000} while {other.Name} has it");
        }

        host.Raise(lifeSeconds);
        return string.Empty;
    }

    public void Lower(FloatingAddress address) => host.Lower();

    public string Announce(FloatingAddress address) => string.Empty;

    public ValueTask<int> InstallAsync(IReadOnlyList<MediaPlan> plans)
    {
        if (plans.MaxBy(p => p.Created) is { } newest)
        {
            host.StartFarFrom(newest);
        }

        foreach (var plan in plans)
        {
            var local = plan.Streams[0].Locals[0];
            if (host.Plans.Values.FirstOrDefault(p => p.CallId != plan.CallId && p.Streams[0].Locals[0] == local) is { } other)
            {
                wrong($"{host.Name} has given port {local.Port} of call {plan.CallId.Value} to call {other.CallId.Value}");
            }

            host.Plans[plan.CallId] = plan;
        }

        return ValueTask.FromResult(0);
    }

    public ValueTask<IReadOnlyList<CallId>> EvictAsync(IpAddress address)
    {
        CallId[] calls = [.. host.Plans.Keys];
        host.Plans.Clear();
        return ValueTask.FromResult<IReadOnlyList<CallId>>(calls);
    }

    public IReadOnlyList<CallId> CallsOn(IpAddress address) => [.. host.Plans.Keys];

    public MediaPlan? Resume(CallId callId) => host.Plans.GetValueOrDefault(callId);
}
