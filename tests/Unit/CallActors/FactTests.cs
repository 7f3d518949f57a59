using RtpCluster.Contracts;

namespace RtpCluster.Unit.CallActors;

public sealed class FactTests
{
    [Fact]
    public async Task Silent_media_ends_the_call_and_is_counted_as_timeout()
    {
        var node = new Node();
        await node.OfferAsync();
        await node.AnswerAsync();
        var ended = node.WhenEnded("call");
        node.Media.FactReceived!(new CallIdle(new CallId("call"), node.Media.Plans["call"].Epoch, IdleReason.Timeout));
        await ended;
        Assert.Equal(1, node.Registry.Host.Sessions.Read().Timeout);
        Assert.Equal(0, node.Store.Count);
    }

    [Fact]
    public async Task A_finding_about_an_older_plan_ends_nothing()
    {
        var node = new Node();
        await node.OfferAsync();
        long old = node.Media.Plans["call"].Epoch;
        await node.AnswerAsync();
        await node.Registry.Find("call")!.TellAsync(new CallIdle(new CallId("call"), old, IdleReason.OfferTimeout));
        Assert.NotNull(node.Registry.Find("call"));
    }

    [Fact]
    public void A_fact_about_an_unknown_call_is_nothing() =>
        new Node().Media.FactReceived!(new CallIdle(new CallId("nobody"), 1, IdleReason.Timeout));

    [Fact]
    public async Task A_learned_endpoint_is_saved_soon_after()
    {
        var node = new Node();
        await node.OfferAsync();
        await node.AnswerAsync();
        long version = (await node.Store.LoadAsync(new("call"), CancellationToken.None))!.Version;
        var stream = node.Media.Plans["call"].Streams[0].Id;
        await node.Registry.Find("call")!.TellAsync(new EndpointLearned(new("call"), stream, NetEndpoint.Parse("203.0.113.9:7000")));
        node.Pass(2);
        var stored = (await node.Store.LoadAsync(new("call"), CancellationToken.None))!;
        Assert.True(stored.Version > version);
        Assert.Contains("203.0.113.9:7000", System.Text.Encoding.UTF8.GetString(stored.State.Span));
    }
}
