using RtpCluster.CallActors;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.CallActors;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_new_process_goes_on_with_every_stored_call()
    {
        var dead = new Node();
        await dead.OfferAsync();
        await dead.AnswerAsync();
        await dead.OfferAsync("early");

        var next = new Node(dead.Store);
        var plans = await Recovery.RestoreAsync(next.Registry, CancellationToken.None);
        Assert.Equal(["call", "early"], plans.Select(plan => plan.CallId.Value).Order());
        foreach (var plan in plans)
        {
            var before = dead.Media.Plans[plan.CallId.Value];
            Assert.Equal(before.Epoch, plan.Epoch);
            Assert.Equal(before.Streams.SelectMany(stream => stream.Locals), plan.Streams.SelectMany(stream => stream.Locals));
        }

        Assert.Equal(2, next.Registry.Host.Sessions.Current);
        Assert.Equal("ok", Node.Result(await next.OfferAsync()));
        Assert.Equal("ok", Node.Result(await next.AnswerAsync("early")));
        Assert.Equal("ok", Node.Result(await next.DeleteAsync(delay: 0)));
        Assert.Equal(1, next.Registry.Host.Sessions.Current);
    }

    [Fact]
    public async Task Deadlines_go_on_after_a_restart()
    {
        var dead = new Node();
        await dead.OfferAsync();
        await dead.DeleteAsync(delay: 30);
        var next = new Node(dead.Store);
        await Recovery.RestoreAsync(next.Registry, CancellationToken.None);
        next.Pass(31);
        Assert.Null(next.Registry.Find("call"));
        Assert.Equal(0, next.Store.Count);
    }

    [Fact]
    public async Task A_stored_call_that_cannot_be_read_harms_no_other_and_stays_in_the_store()
    {
        var dead = new Node();
        await dead.OfferAsync();
        await dead.Store.SaveAsync(new StoredCall(new CallId("bad"), 1, "{"u8.ToArray()), CancellationToken.None);
        var next = new Node(dead.Store);
        Assert.Single(await Recovery.RestoreAsync(next.Registry, CancellationToken.None));
        Assert.Equal(2, next.Store.Count);
    }
}
