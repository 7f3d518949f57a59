using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Cluster.Owner;

public sealed class OwnerHostTests : IClusterStore, IPeers, ICallRestorer
{
    private static readonly NodeRef s_self = new("n1", 1), s_other = new("n2", 1);
    private readonly List<CallId> _later = [];
    private readonly OwnerHost _host;
    private readonly OwnedCalls _calls;
    private readonly MediaDirectory _directory = new();
    private readonly Queue<(NodeRef To, MediaOutcome Outcome)> _answers = [];

    public OwnerHostTests()
    {
        _host = new OwnerHost(this, _directory, ClusterTime.System, NullLogger.Instance);
        var node = new ClusterNode(s_self, new ClusterTimers(), this, this, _host, ClusterTime.System, NullLogger.Instance);
        _calls = new OwnedCalls(node, this, this, _directory, ClusterTime.System);
        _host.Attach(node, _calls);
    }

    [Fact]
    public async Task A_stored_call_that_cannot_be_read_does_not_hold_up_its_shard()
    {
        var token = new FenceToken(2, 1);
        var damaged = new CallEntry("damaged", new(token, 1, 1), false, new byte[] { 1 }).WithoutState();
        await _host.ServeAsync(new ServeShard(1, 1, token, [new RecoveredCall(damaged, NodeRef.None)]));
        Assert.Equal(new CallId("damaged"), Assert.Single(_later));
    }

    [Fact]
    public async Task Statistics_that_an_agent_does_not_tell_are_unknown_and_what_it_does_not_confirm_is_in_doubt()
    {
        var call = new CallId("call");
        Assert.Null((await _calls.TellAsync(s_other, new ReadMedia(1, default, call))).Statistics);
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await _calls.TellAsync(s_other, new RemoveMedia(1, default, call, default)));
    }

    public ValueTask<StoreReply> ExecuteAsync(StoreRequest request, CancellationToken cancel) => throw new FormatException("sealed with another key");

    [Fact]
    public async Task An_agent_to_which_an_address_is_on_its_way_is_asked_again_until_its_calls_are_there()
    {
        var floating = new LocalInterface("default", IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1"));
        Member[] members = [.. new[] { s_self, s_other }.Select(n =>
            new Member(n, MemberState.Active, new(string.Empty, MediaDirectory.Write([floating], _ => n == s_other), 0, string.Empty), 0, []))];
        _directory.Set(new MembersReply(0, members, "s"));
        _directory.SetHolder(floating, s_other);
        var call = new CallId("call");
        _answers.Enqueue((s_other, MediaOutcome.Elsewhere));
        _answers.Enqueue((s_other, MediaOutcome.Ok));
        Assert.Equal(MediaOutcome.Ok, (await _calls.TellAtAsync(floating.Address, new ReserveMedia(1, default, call, [])))!.Outcome);
        Assert.Equal((s_other, floating.Address), (_calls.MediaOf(call.Value), _calls.AddressOf(call.Value)));
        Assert.Empty(_answers);
        Assert.Null(await _calls.TellAtAsync(IpAddress.Parse("192.0.2.9"), new ReserveMedia(1, default, call, [])));
    }

    public ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request)
    {
        if (!_answers.TryDequeue(out var answer))
        {
            return ValueTask.FromResult<MediaReply?>(null);
        }

        Assert.Equal(answer.To, to);
        return ValueTask.FromResult<MediaReply?>(new(answer.Outcome));
    }

    public ValueTask<bool> ProbeAsync(NodeRef to, NodeRef about) => ValueTask.FromResult(false);

    public ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token, bool whole) => ValueTask.FromResult<FenceReply?>(null);

    public ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command) => ValueTask.FromResult<CommandResult?>(null);

    public ValueTask<string?> AskAsync(NodeRef to, string line) => ValueTask.FromResult<string?>(null);

    public ValueTask<bool> FactAsync(NodeRef to, MediaFact fact) => ValueTask.FromResult(false);

    public ValueTask<bool> LeaveAddressAsync(NodeRef to, IpAddress address, long epoch, int limitMillis) => ValueTask.FromResult(false);

    public MediaPlan? Restore(StoredCall call) => null;

    void ICallRestorer.RestoreLater(CallId callId) => _later.Add(callId);

    public MediaPlan? PlanOf(StoredCall call) => null;

    void ICallRestorer.Forget(Predicate<CallId> calls)
    {
    }
}
