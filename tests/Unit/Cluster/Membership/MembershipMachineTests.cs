using RtpCluster.Cluster;
using RtpCluster.Cluster.Membership;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Membership;

public sealed class MembershipMachineTests
{
    private static readonly NodeRef s_self = new("n1", 1), s_second = new("n2", 2), s_third = new("n3", 3);
    private static readonly ClusterTimers s_timers = new();
    private readonly MembershipMachine _machine = new(s_self, s_timers);
    private long _now;
    private long _order;

    [Fact]
    public void A_silent_member_is_asked_about_and_then_voted_dead()
    {
        View(s_self, s_second, s_third);
        Step(_ => true);
        var seen = new List<MembershipOutput>();
        for (int i = 0; i < 6; i++)
        {
            seen.AddRange(Step(probe => probe.Subject == s_third && probe.Via.IsNone));
        }

        Assert.Contains(seen, o => o is SendProbe probe && probe.Subject == s_second && probe.Via == s_third);
        Assert.Contains(seen, o => o is SendVote vote && vote.Subject == s_second);
        Assert.DoesNotContain(seen, o => o is SendVote vote && vote.Subject == s_third);
        Assert.InRange(_now, 1000, 1750);
    }

    [Fact]
    public void A_member_that_has_never_answered_is_given_time()
    {
        View(s_self, s_second);
        for (int i = 1; i < s_timers.FirstProbeMisses; i++)
        {
            Assert.DoesNotContain(Step(_ => false), o => o is SendVote);
        }

        Assert.Contains(Enumerable.Range(0, 3).SelectMany(_ => Step(_ => false)), o => o is SendVote);
    }

    [Fact]
    public void It_has_met_the_others_when_each_has_answered_once_or_had_its_chances()
    {
        Assert.False(_machine.HasMetOthers);
        View(s_self, s_second, s_third);
        Step(probe => probe.Subject == s_second);
        Assert.False(_machine.HasMetOthers);
        for (int i = 1; i < s_timers.FirstProbeMisses; i++)
        {
            Assert.False(_machine.HasMetOthers);
            Step(probe => probe.Subject == s_second && probe.Via.IsNone);
        }

        Assert.True(_machine.HasMetOthers);
        View(s_self, s_second, s_third, new("n4", 4));
        Assert.True(_machine.HasMetOthers);
    }

    [Fact]
    public void Who_is_alone_has_met_all_others()
    {
        View(s_self);

        Assert.True(_machine.HasMetOthers);
    }

    [Fact]
    public void A_member_that_another_one_reaches_is_not_voted_dead()
    {
        View(s_self, s_second, s_third);
        for (int i = 0; i < 20; i++)
        {
            Assert.DoesNotContain(Step(probe => probe.Subject == s_third || !probe.Via.IsNone), o => o is SendVote);
        }
    }

    [Fact]
    public void A_member_that_stood_still_itself_votes_nobody_dead()
    {
        View(s_self, s_second, s_third);
        for (int i = 0; i < 20; i++)
        {
            _now += 2 * s_timers.Probe;
            Assert.DoesNotContain(Step(_ => false), o => o is SendVote);
        }
    }

    [Fact]
    public void Reading_that_we_are_dead_is_final()
    {
        _machine.HandleView(0, ++_order, new(1, [Member(s_self) with { State = MemberState.Dead }], "s"));
        Assert.Single(Drain().OfType<SelfDead>());
        _now += 10_000;
        _machine.Tick(_now);
        Assert.Empty(Drain());
    }

    [Fact]
    public void A_store_that_lost_its_members_makes_nobody_forget_who_still_answers()
    {
        View(s_self, s_second);
        Step(_ => true);
        View(s_self);
        Assert.Contains(_machine.View!.Members, m => m.Node == s_second);
        for (int i = 0; i < 8; i++)
        {
            Step(_ => false);
        }

        View(s_self);
        Assert.DoesNotContain(_machine.View!.Members, m => m.Node == s_second);
    }

    [Fact]
    public void An_answer_that_a_later_one_overtook_is_ignored()
    {
        View(s_self, s_second);
        _machine.HandleView(_now, 0, new(9, [Member(s_self) with { State = MemberState.Dead }], "s"));
        Assert.Equal(2, _machine.View!.Members.Count);
    }

    [Fact]
    public void A_member_that_lives_without_the_store_is_cut_off()
    {
        const int Began = 1;
        for (_now = Began; _now < 2L * s_timers.MemberLease; _now += s_timers.Heartbeat)
        {
            ViewWith(_now - Began);
            Assert.Equal(_now - Began > s_timers.MemberLease, Second().IsCutOff);
        }

        Assert.Single(Drain().OfType<ViewChanged>(), v => v.View.Members.Any(m => m.IsCutOff));
        ViewWith(0);
        Assert.False(Second().IsCutOff);
        Assert.Single(Drain().OfType<ViewChanged>());
    }

    [Fact]
    public void Nobody_is_cut_off_when_the_store_was_away()
    {
        _now = 1;
        ViewWith(0);
        _now += 4L * s_timers.MemberLease;
        ViewWith(_now);
        Assert.False(Second().IsCutOff);
    }

    private Member Second() => Assert.Single(_machine.View!.Members, m => m.Node == s_second);

    private void ViewWith(long silentMillis) =>
        _machine.HandleView(_now, ++_order, new(1, [Member(s_self), Member(s_second) with { SilentMillis = silentMillis }], "s"));

    private static Member Member(NodeRef node) => new(node, MemberState.Active, new("a", "", 0, ""), 0, []);

    private void View(params NodeRef[] nodes)
    {
        _machine.HandleView(_now, ++_order, new(1, [.. nodes.Select(Member)], "s"));
        Drain();
    }

    private List<MembershipOutput> Step(Func<SendProbe, bool> answers)
    {
        _now += s_timers.Probe;
        _machine.Tick(_now);
        var outputs = Drain();
        foreach (var probe in outputs.OfType<SendProbe>())
        {
            _machine.HandleProbe(_now, probe, answers(probe));
        }

        return outputs;
    }

    private List<MembershipOutput> Drain()
    {
        var outputs = new List<MembershipOutput>();
        while (_machine.TryGetOutput(out var output))
        {
            outputs.Add(output);
        }

        return outputs;
    }
}
