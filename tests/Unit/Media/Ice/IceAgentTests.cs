using RtpCluster.Contracts;
using RtpCluster.Media.Ice;

namespace RtpCluster.Unit.Media.Ice;

/// <summary>Two agents over a simulated network: RFC 8445, RFC 7675.</summary>
public class IceAgentTests
{
    private readonly SimulatedHost _a = new("192.0.2.1:4000", 1);
    private readonly SimulatedHost _b = new("198.51.100.1:5000", 2);

    [Fact]
    public void Two_hosts_agree_on_a_pair_within_a_fifth_of_a_second()
    {
        var network = Start(_a, _b);

        Assert.True(network.RunUntil(() => Done(_a, _b), 200));
        Assert.Equal(_b.Local, _a.Agent.Path!.Value.Remote);
        Assert.Equal(_a.Local, _b.Agent.Path!.Value.Remote);
    }

    [Theory]
    [InlineData(0.3, 1, 5, 80)]
    [InlineData(0.5, 2, 20, 20)]
    [InlineData(0.1, 3, 1, 300)]
    public void Loss_and_reordering_only_cost_time(double loss, int seed, int minDelay, int maxDelay)
    {
        var network = Start(_a, _b, seed);
        network.Loss = loss;
        network.MinDelayMillis = minDelay;
        network.MaxDelayMillis = maxDelay;

        Assert.True(network.RunUntil(() => Done(_a, _b), 20_000));
    }

    [Fact]
    public void An_address_that_nobody_signalled_is_found_by_its_checks()
    {
        var hidden = new SimulatedHost("10.0.0.2:5000", 2) { Mapped = NetEndpoint.Parse("203.0.113.9:61000") };
        var network = Connect(_a, hidden, PlanOf(_a, controlling: false), PlanOf(hidden, controlling: true, Candidate(_a)));

        Assert.True(network.RunUntil(() => Done(_a, hidden), 2000));
        Assert.Equal(hidden.Mapped, _a.Agent.Path!.Value.Remote);
    }

    [Fact]
    public void Two_hosts_behind_nats_meet_at_their_reflexive_addresses()
    {
        var left = new SimulatedHost("10.0.0.2:4000", 1) { Mapped = NetEndpoint.Parse("203.0.113.9:61000") };
        var right = new SimulatedHost("10.1.0.2:5000", 2) { Mapped = NetEndpoint.Parse("203.0.113.77:62000") };
        var network = Connect(
            left, right,
            PlanOf(left, true, Candidate(right), new IceCandidatePlan(right.Mapped, 1_700_000_000, IceCandidateType.ServerReflexive)),
            PlanOf(right, false, Candidate(left), new IceCandidatePlan(left.Mapped, 1_700_000_000, IceCandidateType.ServerReflexive)));

        Assert.True(network.RunUntil(() => Done(left, right), 5000));
        Assert.Equal(right.Mapped, left.Agent.Path!.Value.Remote);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    public void A_role_conflict_is_settled_by_the_larger_tie_breaker(bool bothControlling, ulong tieBreakerOfA)
    {
        var network = Connect(
            _a, _b,
            PlanOf(_a, bothControlling, Candidate(_b)) with { TieBreaker = tieBreakerOfA * 10 },
            PlanOf(_b, bothControlling, Candidate(_a)) with { TieBreaker = 15 });

        Assert.True(network.RunUntil(() => Done(_a, _b), 3000));
        Assert.Equal(tieBreakerOfA == 2, _a.Agent.IsControlling);
        Assert.Equal(tieBreakerOfA == 1, _b.Agent.IsControlling);
    }

    [Fact]
    public void A_lite_agent_only_answers()
    {
        var network = Connect(_a, _b, PlanOf(_a, false) with { Lite = true }, PlanOf(_b, true, Candidate(_a)));

        Assert.True(network.RunUntil(() => Done(_a, _b), 1000));
        Assert.Equal(_b.Local, _a.Agent.Path!.Value.Remote);
    }

    [Fact]
    public void A_candidate_that_comes_later_is_checked_too()
    {
        var network = Connect(_a, _b, PlanOf(_a, true), PlanOf(_b, false));
        Assert.False(network.RunUntil(() => Done(_a, _b), 1000));

        _a.Agent.Update(network.Now, PlanFor(_a, _b, PlanOf(_a, true, Candidate(_b))), [_a.Local], default);

        Assert.True(network.RunUntil(() => Done(_a, _b), 1000));
    }

    [Fact]
    public void Checks_that_come_before_the_remotes_password_is_known_are_answered_and_used()
    {
        var network = Connect(_a, _b, PlanOf(_a, true), PlanOf(_b, false, Candidate(_a)));
        _a.Agent.Update(network.Now, PlanOf(_a, true), [_a.Local], default);
        var early = new SimulatedHost("192.0.2.1:4000", 3);
        var other = new SimulatedNetwork(early, _b);
        early.Agent.Update(network.Now, PlanOf(early, true), [early.Local], default);
        Assert.False(other.RunUntil(() => early.Agent.Path is not null, 300));

        early.Agent.Update(other.Now, PlanFor(early, _b, PlanOf(early, true)), [early.Local], default);

        Assert.True(other.RunUntil(() => Done(early, _b), 2000));
    }

    [Fact]
    public void Consent_is_asked_for_about_every_five_seconds_and_ends_after_thirty_without_an_answer()
    {
        var network = Start(_a, _b);
        network.RunUntil(() => Done(_a, _b), 200);
        int sent = network.Sent;

        network.RunUntil(() => false, 60_000);
        Assert.InRange(network.Sent - sent, 2 * 2 * 9, 2 * 2 * 16);
        Assert.NotNull(_a.Agent.Path);

        network.Cut = true;
        Assert.False(network.RunUntil(() => _a.Agent.Path is null, 24_000));
        Assert.True(network.RunUntil(() => _a.Agent.Path is null && _b.Agent.Path is null, 8_000));
        Assert.Equal(IceState.Failed, _a.Agent.State);
    }

    [Fact]
    public void A_restart_keeps_the_old_path_until_it_has_a_new_one()
    {
        var network = Start(_a, _b);
        network.RunUntil(() => Done(_a, _b), 200);
        var planA = PlanOf(_a, true, Candidate(_b)) with { LocalUfrag = "newa", LocalPassword = "new password of a....", RemoteUfrag = "newb", RemotePassword = "new password of b...." };
        var planB = PlanOf(_b, false, Candidate(_a)) with { LocalUfrag = "newb", LocalPassword = planA.RemotePassword, RemoteUfrag = "newa", RemotePassword = planA.LocalPassword };

        _a.Agent.Update(network.Now, planA, [_a.Local], default);

        Assert.Equal(_b.Local, _a.Agent.Path!.Value.Remote);
        Assert.Equal(IceState.Checking, _a.Agent.State);
        _b.Agent.Update(network.Now, planB, [_b.Local], default);
        Assert.True(network.RunUntil(() => Done(_a, _b), 1000));
    }

    [Fact]
    public void An_agent_that_takes_over_goes_on_with_the_known_pair()
    {
        var network = Start(_a, _b);
        network.RunUntil(() => Done(_a, _b), 200);
        var heir = new SimulatedHost("192.0.2.1:4000", 9);
        heir.Agent.Update(network.Now, PlanFor(heir, _b, PlanOf(heir, true)), [heir.Local], _b.Local);
        var after = new SimulatedNetwork(heir, _b);

        Assert.Equal(_b.Local, heir.Agent.Path!.Value.Remote);
        Assert.False(after.RunUntil(() => heir.Agent.Path is null || _b.Agent.Path is null, 90_000));
    }

    [Fact]
    public void Nobody_without_the_password_changes_anything()
    {
        var network = Start(_a, _b);
        network.RunUntil(() => Done(_a, _b), 200);
        var stranger = new SimulatedHost("203.0.113.66:6666", 4);
        stranger.Agent.Update(network.Now, PlanOf(stranger, true, Candidate(_a)) with { RemoteUfrag = "a", RemotePassword = "guessed password......" }, [stranger.Local], default);

        var attack = new SimulatedNetwork(stranger, _a);
        Assert.False(attack.RunUntil(() => stranger.Agent.Path is not null, 15_000));
        Assert.Equal([new IcePath(0, _b.Local)], _a.Agent.AcceptedPaths);
    }

    [Fact]
    public void When_every_pair_fails_and_none_is_to_come_the_agent_has_failed()
    {
        var nowhere = new IceCandidatePlan(NetEndpoint.Parse("203.0.113.200:9"), 5, IceCandidateType.Host);
        var network = Connect(_a, _b, PlanOf(_a, true, nowhere) with { EndOfCandidates = true }, PlanOf(_b, false));

        Assert.True(network.RunUntil(() => _a.Agent.State == IceState.Failed, 30_000));
    }

    private static bool Done(SimulatedHost a, SimulatedHost b) => a.Agent.State == IceState.Completed && b.Agent.State == IceState.Completed;

    private static SimulatedNetwork Start(SimulatedHost a, SimulatedHost b, int seed = 1) =>
        Connect(a, b, PlanOf(a, true, Candidate(b)), PlanOf(b, false, Candidate(a)), seed);

    private static SimulatedNetwork Connect(SimulatedHost a, SimulatedHost b, IcePlan planA, IcePlan planB, int seed = 1)
    {
        var network = new SimulatedNetwork(a, b, seed);
        a.Agent.Update(network.Now, PlanFor(a, b, planA), [a.Local], default);
        b.Agent.Update(network.Now, PlanFor(b, a, planB), [b.Local], default);
        return network;
    }

    private static IcePlan PlanOf(SimulatedHost host, bool controlling, params IceCandidatePlan[] candidates) => new()
    {
        LocalUfrag = Ufrag(host),
        LocalPassword = Password(host),
        Controlling = controlling,
        TieBreaker = 7,
        Candidates = candidates,
    };

    private static IcePlan PlanFor(SimulatedHost host, SimulatedHost remote, IcePlan plan) =>
        plan with { RemoteUfrag = Ufrag(remote), RemotePassword = Password(remote), LocalUfrag = Ufrag(host) };

    private static string Ufrag(SimulatedHost host) => $"u{host.Local.Port}";

    private static string Password(SimulatedHost host) => $"password of {host.Local.Port}......";

    private static IceCandidatePlan Candidate(SimulatedHost host) =>
        new(host.Local, IcePriority.Of(IceCandidateType.Host, 0, 1), IceCandidateType.Host);
}
