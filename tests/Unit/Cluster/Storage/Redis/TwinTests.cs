using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster.Storage;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Redis;

namespace RtpCluster.Unit.Cluster.Storage.Redis;

/// <summary>The Lua scripts in a real redis-server against their C# twins, with random histories.</summary>
public sealed class TwinTests
{
    private const int Steps = 1500;
    private static readonly string[] s_resources = ["1", "2", "addr:10.0.0.1"];
    private static readonly string[] s_calls = ["a", "b@host", "c d"];
    private static readonly NodeRef[] s_nodes = [new("n1", 1_700_000_000_000_001), new("n2", 1_700_000_000_000_002), new("n1", 1_700_000_000_000_003), new("n3", 5)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_script_answers_what_its_twin_answers(int seed)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var server = new RedisServer();
        await using var redis = await ConnectAsync(server);
        var twin = new MemoryClusterStore();
        var random = new Random(seed);
        for (int i = 0; i < Steps; i++)
        {
            var request = Next(random, twin);
            var expected = twin.Execute(request, 1_000_000);
            var found = await redis.ExecuteAsync(request, cancel);
            Assert.Equal(Describe(expected), Describe(found));
        }
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_left_alone_for_the_grace_and_then_taken()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var server = new RedisServer();
        await using var redis = await ConnectAsync(server);
        Assert.True((await redis.RunAsync(new AcquireLease("1", s_nodes[0], 1, 100_000, 0, []), cancel)).Ok);
        Assert.False((await redis.RunAsync(new AcquireLease("1", s_nodes[1], 1, 100_000, 0, []), cancel)).Ok);
        Assert.True((await redis.RunAsync(new AcquireLease("1", s_nodes[1], 1, -1000, 0, []), cancel)).Ok);
    }

    [Fact]
    public async Task Secrets_are_sealed_in_the_store_and_the_rest_is_readable()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var server = new RedisServer();
        await using var redis = await ConnectAsync(server);
        var lease = await redis.RunAsync(new AcquireLease("1", s_nodes[0], 9000, 0, 0, []), cancel);
        byte[] state = Encoding.UTF8.GetBytes("""{"Tag":"alice","Keys":{"Suite":7,"MasterKey":"c2VjcmV0LXNlY3JldA=="},"Ports":[40000]}""");
        await redis.RunAsync(new CommitCall("1", s_nodes[0], "a", new(lease.Token, 1, 1), state, false, "c", "reply with inline:key"u8.ToArray()), cancel);

        string stored = server.Cli("HGET", "rtpc:{t:1}:call:a", "state");
        Assert.Contains("alice", stored);
        Assert.DoesNotContain("c2VjcmV0", stored);
        Assert.DoesNotContain("inline", server.Cli("GET", "rtpc:{t:1}:reply:c"));
        var read = await redis.RunAsync(new ReadCall("1", "a"), cancel);
        Assert.Equal(Encoding.UTF8.GetString(state), Encoding.UTF8.GetString(read.Calls[0].State.Span));
        Assert.Equal("reply with inline:key", Encoding.UTF8.GetString((await redis.RunAsync(new ReadCachedReply("1", "c"), cancel)).Reply!));
    }

    [Fact]
    public async Task A_restarted_server_is_found_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var server = new RedisServer();
        await using var redis = await ConnectAsync(server);
        var before = await redis.RunAsync(new AcquireLease("1", s_nodes[0], 9000, 0, 0, []), cancel);
        server.Kill();
        await Eventually.HoldsAsync(() => !redis.IsConnected, TimeSpan.FromSeconds(10), () => "still connected");
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await redis.RunAsync(new ReadLease("1"), cancel));
        server.Start();
        await Eventually.HoldsAsync(() => redis.IsConnected, TimeSpan.FromSeconds(10), () => "not connected again");
        Assert.Equal(before.Token, (await redis.RunAsync(new ReadLease("1"), cancel)).Token);
    }

    private static async Task<RedisClusterStore> ConnectAsync(RedisServer server)
    {
        var options = RedisOptions.Parse($"127.0.0.1:{server.Port}/0")!;
        var redis = new RedisClusterStore(options, "t", new SecretSealer(new byte[32]), NullLogger.Instance);
        await Eventually.HoldsAsync(() => redis.IsConnected, TimeSpan.FromSeconds(10), () => "no connection");
        return redis;
    }

    // Epochs near those that are there, so that owners, former owners and strangers all come up.
    private static StoreRequest Next(Random random, MemoryClusterStore twin)
    {
        string resource = s_resources[random.Next(s_resources.Length)];
        var node = s_nodes[random.Next(s_nodes.Length)];
        var other = s_nodes[random.Next(s_nodes.Length)];
        long epoch = ((LeaseReply)twin.Execute(new ReadLease(resource), 1_000_000)).Epoch - (random.Next(4) == 0 ? 1 : 0);
        const long Ttl = 100_000, Grace = 100_000;
        return random.Next(15) switch
        {
            0 => new AcquireLease(resource, node, Ttl, Grace, random.Next(3) == 0 ? epoch + 2 : 0, random.Next(2) == 0 ? [other, s_nodes[0]] : []),
            1 => new RenewLease(resource, node, epoch, Ttl),
            2 => new ReleaseLease(resource, node, epoch, random.Next(2) == 0 ? other : NodeRef.None, Ttl),
            3 => random.Next(2) == 0 ? new ReadStamps(resource) : new ReadCall(resource, s_calls[random.Next(3)]),
            4 => new ReadCachedReply(resource, "k" + random.Next(5)),
            5 => new Heartbeat(node, random.Next(8) == 0 ? MemberState.Draining : MemberState.Active, new("10.0.0.1:1", "default/10.0.0.1/10.0.0.1", random.Next(3), "")),
            6 => new DeclareDead(other, node, 1_000_000, 1_000_000),
            7 => new RestampCalls(resource, node, epoch, [.. ((CallsReply)twin.Execute(new ReadStamps(resource), 1_000_000)).Calls
                .OrderBy(c => c.CallId, StringComparer.Ordinal)
                .Select(c => (c.CallId, random.Next(8) == 0 ? c.Stamp with { Version = c.Stamp.Version + 1 } : c.Stamp))]),
            11 => new AppendPlans(resource, node, epoch, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new LoggedPlan(s_calls[random.Next(3)], Plan(random)))]),
            8 => new ReadPlanLog(resource, new(epoch - random.Next(2), random.Next(6))),
            9 => new OfferCertificate(random.Next(3), random.Next(3), "pem"u8.ToArray()),
            10 => new AppendPlans(resource, node, epoch, [.. Enumerable.Range(0, 2000).Select(i => new LoggedPlan("many", Plan(random)))]),
            _ => new CommitCall(resource, node, s_calls[random.Next(3)], new(new(epoch, node.Incarnation), random.Next(2), random.Next(4)),
                Encoding.UTF8.GetBytes($"{{\"n\":{random.Next(2)}}}"), random.Next(6) == 0, "k" + random.Next(5), "r"u8.ToArray()),
        };
    }

    private static byte[] Plan(Random random) => random.Next(3) == 0 ? [] : Encoding.UTF8.GetBytes("p" + random.Next(9));

    // Times differ between the two; everything else must not.
    private static string Describe(StoreReply reply) => reply switch
    {
        LeaseReply r => $"{r.Ok} {r.Owner} {r.Epoch} {r.RemainingMillis > 50_000}",
        CommitReply r => r.Outcome.ToString(),
        CallsReply r => string.Join(';', r.Calls.OrderBy(c => c.CallId).Select(c => $"{c.CallId} {c.Stamp} {c.Tombstone} {Encoding.UTF8.GetString(c.State.Span)} {c.Answer?.Cookie}")),
        PlanLogReply r => $"{r.Position} {r.IsComplete} " + string.Join(';', Ordered(r).Select(p => $"{p.CallId}={Encoding.UTF8.GetString(p.Plan.Span)}")),
        CertificateReply r => $"{r.Made} {Encoding.UTF8.GetString(r.Certificate.Span)}",
        CachedReply r => r.Reply is null ? "none" : Encoding.UTF8.GetString(r.Reply),
        MembersReply r => r.Version + string.Join(';', r.Members.Select(m => $"{m.Node} {m.State} {m.Info} {string.Join(',', m.Votes)}")),
        _ => reply.ToString(),
    };

    private static IEnumerable<LoggedPlan> Ordered(PlanLogReply reply) =>
        reply.IsComplete ? reply.Plans.OrderBy(p => p.CallId, StringComparer.Ordinal) : reply.Plans;
}
