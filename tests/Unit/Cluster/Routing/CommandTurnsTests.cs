using RtpCluster.Cluster.Routing;

namespace RtpCluster.Unit.Cluster.Routing;

public sealed class CommandTurnsTests
{
    private bool _busy;

    [Fact]
    public async Task Those_that_find_no_turn_wait_and_too_many_are_refused()
    {
        var turns = new CommandTurns(running: 1, whenBusy: 1, waiting: 1, () => _busy);
        Assert.True(await turns.EnterAsync());
        var second = turns.EnterAsync().AsTask();
        Assert.False(await turns.EnterAsync());
        Assert.False(second.IsCompleted);
        turns.Leave();
        Assert.True(await second);
        turns.Leave();
        Assert.True(await turns.EnterAsync());
    }

    [Fact]
    public async Task Fewer_run_while_threads_do_not_keep_up()
    {
        var turns = new CommandTurns(running: 3, whenBusy: 1, waiting: 9, () => _busy);
        Assert.True(await turns.EnterAsync());
        Assert.True(await turns.EnterAsync());
        _busy = true;
        var third = turns.EnterAsync().AsTask();
        turns.Leave();
        Assert.False(third.IsCompleted);
        _busy = false;
        turns.Leave();
        Assert.True(await third);
    }
}
