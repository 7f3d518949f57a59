using RtpCluster.Cluster;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Sharding;

public sealed class ShardMachineTests
{
    private static readonly NodeRef s_self = new("n1", 10), s_other = new("n2", 20);
    private static readonly ClusterTimers s_timers = new();
    private readonly ShardMachine _shard = new(7, s_self, s_timers);
    private readonly List<ShardOutput> _outputs = [];

    public ShardMachineTests() => _shard.SetView(0, [], [s_self, s_other]);

    [Fact]
    public void A_take_over_fences_then_reads_then_commits_then_serves()
    {
        Acquire(epoch: 4);
        Assert.Equal([s_self, s_other], Outputs<AskFence>().Select(f => f.Agent));
        Assert.DoesNotContain(Outputs<AskStore>(), a => a.Request is ReadStamps);

        var old = new FenceToken(3, 9);
        Answer(s_self, new FenceReply(_shard.Token, []));
        Answer(s_other, new FenceReply(_shard.Token, [Entry("agent-newer", old, 5), Entry("same", old, 2)]));
        Store<ReadStamps>(new CallsReply([Entry("agent-newer", old, 4), Entry("same", old, 2), Entry("store-only", old, 1)]));
        var commits = Outputs<AskStore>().Where(a => a.Request is CommitCall or RestampCalls).ToList();
        var lacking = Assert.Single(commits.Select(c => c.Request).OfType<CommitCall>());
        Assert.Equal(("agent-newer", _shard.Token, 5), (lacking.CallId, lacking.Stamp.Token, lacking.Stamp.Version));
        var known = Assert.Single(commits.Select(c => c.Request).OfType<RestampCalls>());
        Assert.Equal(["same", "store-only"], known.Calls.Select(c => c.CallId).Order());
        Assert.All(known.Calls, c => Assert.Equal(old, c.Stamp.Token));
        Assert.False(_shard.MayServe(0));

        commits.ForEach(c => _shard.HandleStore(0, c, new CommitReply(CommitOutcome.Ok)));
        Drain();
        var serve = Assert.Single(Outputs<ServeShard>());
        Assert.Equal(["agent-newer", "same"], serve.Calls.Where(c => c.InForce).Select(c => c.Call.CallId).Order());
        _shard.HandleServing(0, serve.Round);
        Assert.True(_shard.MayServe(0));
        Assert.False(_shard.MayServe(s_timers.ShardLease - s_timers.LeaseMargin));
    }

    [Fact]
    public void Agents_are_asked_for_the_states_that_the_store_lacks_and_for_no_others()
    {
        Acquire(epoch: 4);
        Assert.All(Outputs<AskFence>(), f => Assert.False(f.Whole));
        var old = new FenceToken(3, 9);
        var newer = Entry("agent-newer", old, 5);
        Answer(s_self, new FenceReply(_shard.Token, [Entry("same", old, 2).WithoutState()]));
        Answer(s_other, new FenceReply(_shard.Token, [newer.WithoutState()]));
        Store<ReadStamps>(new CallsReply([Entry("agent-newer", old, 4).WithoutState(), Entry("same", old, 2).WithoutState()]));
        Assert.Equal(s_other, Assert.Single(Outputs<AskFence>(), f => f.Whole).Agent);
        Assert.DoesNotContain(Outputs<AskStore>(), a => a.Request is CommitCall or RestampCalls);

        Answer(s_other, new FenceReply(_shard.Token, [newer]));
        Assert.Equal(newer.State, ((CommitCall)Assert.Single(Outputs<AskStore>(), a => a.Request is CommitCall).Request).State);
        Assert.Equal("same", Assert.Single(Outputs<AskStore>().Select(a => a.Request).OfType<RestampCalls>().Single().Calls).CallId);
    }

    [Fact]
    public void An_agent_that_dies_before_it_gave_its_states_sends_it_back_to_the_lease()
    {
        Acquire(epoch: 4);
        var stamp = Entry("agent-only", new FenceToken(3, 9), 5).WithoutState();
        Answer(s_self, new FenceReply(_shard.Token, []));
        Answer(s_other, new FenceReply(_shard.Token, [stamp]));
        Store<ReadStamps>(new CallsReply([]));
        _shard.SetView(0, [s_other], [s_self]);
        Drain();
        Assert.IsType<AcquireLease>(Outputs<AskStore>()[^1].Request);
    }

    [Fact]
    public void A_store_that_changed_under_it_is_read_again_from_the_first_step()
    {
        Acquire(epoch: 4);
        Answer(s_self, new FenceReply(_shard.Token, []));
        Answer(s_other, new FenceReply(_shard.Token, []));
        Store<ReadStamps>(new CallsReply([Entry("c", new FenceToken(3, 9), 1)]));
        Store<RestampCalls>(new CommitReply(CommitOutcome.Stale));
        Assert.IsType<AcquireLease>(Outputs<AskStore>()[^1].Request);
    }

    [Fact]
    public void An_agent_with_a_higher_token_sends_it_back_to_the_lease()
    {
        Acquire(epoch: 4);
        Answer(s_other, new FenceReply(new FenceToken(9, 1), []));
        var again = Assert.IsType<AcquireLease>(Outputs<AskStore>()[^1].Request);
        Assert.Equal(9, again.MinEpoch);
    }

    [Fact]
    public void A_dead_agent_is_not_waited_for()
    {
        Acquire(epoch: 4);
        Answer(s_self, new FenceReply(_shard.Token, []));
        _shard.SetView(0, [s_other], [s_self]);
        Drain();
        Assert.Contains(Outputs<AskStore>(), a => a.Request is ReadStamps);
    }

    [Fact]
    public void An_end_that_only_an_agent_knows_is_written_to_the_store()
    {
        Acquire(epoch: 4);
        var old = new FenceToken(3, 9);
        Answer(s_self, new FenceReply(_shard.Token, [Entry("gone", old, 3) with { Tombstone = true, State = default }]));
        Answer(s_other, new FenceReply(_shard.Token, []));
        Store<ReadStamps>(new CallsReply([Entry("gone", old, 2)]));
        Assert.True(((CommitCall)Assert.Single(Outputs<AskStore>(), a => a.Request is CommitCall).Request).Tombstone);
    }

    [Fact]
    public void A_lease_that_another_member_took_stops_it_at_once()
    {
        Serve();
        _shard.Tick(s_timers.Renew);
        Drain();
        Store<RenewLease>(new LeaseReply(false, s_other, 5, 3000));
        Assert.Single(Outputs<StopShard>());
        Assert.Equal((ShardPhase.Idle, s_other), (_shard.Phase, _shard.Owner));
    }

    [Fact]
    public void A_store_that_lost_the_lease_has_it_taken_again_above_our_epoch()
    {
        Serve();
        _shard.Tick(s_timers.Renew);
        Drain();
        Store<RenewLease>(new LeaseReply(false, NodeRef.None, 0, 0));
        Assert.Equal(4, Assert.IsType<AcquireLease>(Outputs<AskStore>()[^1].Request).MinEpoch);
    }

    [Fact]
    public void A_lease_that_had_run_out_is_taken_again_from_the_first_step()
    {
        Serve();
        _shard.Tick(s_timers.ShardLease + 1);
        Drain();
        Store<RenewLease>(new LeaseReply(true, s_self, 4, s_timers.ShardLease));
        Assert.Single(Outputs<StopShard>());
        Assert.Equal(4, Assert.IsType<AcquireLease>(Outputs<AskStore>()[^1].Request).MinEpoch);
    }

    [Fact]
    public void A_hand_off_waits_for_what_runs()
    {
        Serve();
        _shard.HandOff(s_other);
        Drain();
        Assert.False(_shard.MayServe(0));
        Assert.DoesNotContain(Outputs<AskStore>(), a => a.Request is ReleaseLease);
        _shard.HandleDrained(0, Assert.Single(Outputs<DrainShard>()).Round);
        Drain();
        Assert.Equal(s_other, ((ReleaseLease)Outputs<AskStore>()[^1].Request).To);
    }

    private static CallEntry Entry(string id, FenceToken token, long version) => new(id, new(token, 1, version), false, new byte[] { 1 });

    private void Acquire(long epoch)
    {
        _shard.Acquire(0);
        Drain();
        Store<AcquireLease>(new LeaseReply(true, s_self, epoch, s_timers.ShardLease));
    }

    private void Serve()
    {
        Acquire(epoch: 4);
        Answer(s_self, new FenceReply(_shard.Token, []));
        Answer(s_other, new FenceReply(_shard.Token, []));
        Store<ReadStamps>(new CallsReply([]));
        _shard.HandleServing(0, Assert.Single(Outputs<ServeShard>()).Round);
    }

    private void Answer(NodeRef agent, FenceReply reply)
    {
        _shard.HandleFence(0, Outputs<AskFence>().Last(f => f.Agent == agent), reply);
        Drain();
    }

    private void Store<T>(StoreReply reply)
    {
        _shard.HandleStore(0, Outputs<AskStore>().Last(a => a.Request is T), reply);
        Drain();
    }

    private List<T> Outputs<T>() => [.. _outputs.OfType<T>()];

    private void Drain()
    {
        while (_shard.TryGetOutput(out var output))
        {
            _outputs.Add(output);
        }
    }
}
