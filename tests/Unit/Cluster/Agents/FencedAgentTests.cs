using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.TestKit.Nodes;

namespace RtpCluster.Unit.Cluster.Agents;

public sealed class FencedAgentTests
{
    private static readonly FenceToken s_old = new(1, 1), s_new = new(2, 1);
    private static readonly CallId s_call = new("call");
    private readonly FencedAgent _agent = new(new InMemoryMediaNode(), ClusterTime.System);

    [Fact]
    public async Task A_lower_token_is_refused_after_a_fence()
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(MediaOutcome.Ok, (await _agent.HandleAsync(new ReadMedia(1, s_old, s_call), cancel)).Outcome);
        Assert.Equal(s_new, _agent.Fence(1, s_new, whole: true).Highest);
        var refused = await _agent.HandleAsync(new ReadMedia(1, s_old, s_call), cancel);
        Assert.Equal((MediaOutcome.Fenced, s_new), (refused.Outcome, refused.Highest));
        Assert.Equal(MediaOutcome.Ok, (await _agent.HandleAsync(new ReadMedia(2, s_old, s_call), cancel)).Outcome);
    }

    [Fact]
    public async Task A_fence_tells_the_newest_states_and_ends_of_its_shard()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 3), null), cancel);
        await _agent.HandleAsync(new ApplyMedia(2, s_old, new CallId("other"), Entry(s_old, 1) with { CallId = "other" }, null), cancel);
        Assert.Equal(3, Assert.Single(_agent.Fence(1, s_new, whole: true).Calls).Stamp.Version);

        await _agent.HandleAsync(new RemoveMedia(1, s_new, s_call, new(s_new, 1, 4)), cancel);
        Assert.True(Assert.Single(_agent.Fence(1, s_new, whole: true).Calls).Tombstone);
    }

    [Fact]
    public async Task A_fence_that_asks_for_stamps_gets_them_and_the_address_of_the_media()
    {
        var cancel = TestContext.Current.CancellationToken;
        var local = new NetEndpoint(IpAddress.Parse("192.0.2.1"), 4000);
        var plan = new MediaPlan { CallId = s_call, Epoch = 1, Streams = [new StreamPlan { Id = new StreamId(1), Kind = StreamKind.Rtp, Locals = [local] }] };
        await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 3), plan), cancel);
        await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 4), null), cancel);
        var call = Assert.Single(_agent.Fence(1, s_new, whole: false).Calls);
        Assert.Equal((true, 0, 4L, local.Address), (call.IsStampOnly, call.State.Length, call.Stamp.Version, call.Address));
        Assert.Equal(1, Assert.Single(_agent.Fence(1, s_new, whole: true).Calls).State.Length);
    }

    [Fact]
    public async Task An_older_state_is_refused()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 3), null), cancel);
        Assert.Equal(MediaOutcome.Failed, (await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 2), null), cancel)).Outcome);
    }

    [Theory]
    [InlineData(AddressUse.None, MediaOutcome.Elsewhere, MediaOutcome.Elsewhere)]
    [InlineData(AddressUse.Plans, MediaOutcome.Elsewhere, MediaOutcome.Ok)]
    [InlineData(AddressUse.All, MediaOutcome.Ok, MediaOutcome.Ok)]
    public async Task What_an_address_is_not_good_for_here_is_neither_done_nor_kept(AddressUse use, MediaOutcome reserved, MediaOutcome applied)
    {
        var cancel = TestContext.Current.CancellationToken;
        var local = new NetEndpoint(IpAddress.Parse("192.0.2.1"), 4000);
        var plan = new MediaPlan { CallId = s_call, Epoch = 1, Streams = [new StreamPlan { Id = new StreamId(1), Kind = StreamKind.Rtp, Locals = [local] }] };
        _agent.UseOf = asked => asked == local.Address ? use : AddressUse.All;
        Assert.Equal(reserved, (await _agent.HandleAsync(new ReserveMedia(1, s_old, s_call, [new PortRequest(local.Address, 2)]), cancel)).Outcome);
        Assert.Equal(applied, (await _agent.HandleAsync(new ApplyMedia(1, s_old, s_call, Entry(s_old, 1), plan), cancel)).Outcome);
        var state = Entry(s_old, 2) with { CallId = "other", Address = local.Address };
        Assert.Equal(applied, (await _agent.HandleAsync(new ApplyMedia(1, s_old, new CallId("other"), state, null), cancel)).Outcome);
        Assert.Equal(applied == MediaOutcome.Ok ? 2 : 0, _agent.Calls);
    }

    private static CallEntry Entry(FenceToken token, long version) => new("call", new(token, 1, version), false, new byte[] { 1 });
}
