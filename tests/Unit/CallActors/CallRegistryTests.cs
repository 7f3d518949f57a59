using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallActors;

public sealed class CallRegistryTests
{
    [Fact]
    public async Task Offer_answer_and_delete_run_a_call_from_beginning_to_end()
    {
        var node = new Node();
        Assert.Equal("ok", Node.Result(await node.OfferAsync()));
        Assert.Equal("ok", Node.Result(await node.AnswerAsync()));
        Assert.Equal(1, node.Registry.Host.Sessions.Current);
        Assert.NotEmpty(node.Media.Plans["call"].Streams);

        Assert.Equal("ok", Node.Result(await node.DeleteAsync(delay: 0)));
        Assert.Empty(node.Media.Plans);
        Assert.Equal(0, node.Store.Count);
        Assert.Equal((0, 1L, 1L), Sessions(node));
        Assert.Null(node.Registry.Find("call"));
    }

    [Fact]
    public async Task A_state_is_saved_before_its_plan_is_pushed_before_the_answer_goes()
    {
        var node = new Node();
        var pushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayApply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long savedWhenPushed = 0;
        node.Media.BeforeApply = async plan =>
        {
            savedWhenPushed = (await node.Store.LoadAsync(plan.CallId, CancellationToken.None))?.Version ?? 0;
            pushed.SetResult();
            await mayApply.Task;
        };
        var offer = node.OfferAsync();
        await pushed.Task;
        Assert.False(offer.IsCompleted);
        Assert.Equal(1, savedWhenPushed);
        mayApply.SetResult();
        Assert.Equal("ok", Node.Result(await offer));
    }

    [Fact]
    public async Task Commands_of_one_call_wait_for_each_other_and_other_calls_do_not()
    {
        var node = new Node();
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayApply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Media.BeforeApply = async plan =>
        {
            if (plan.CallId.Value == "slow")
            {
                holding.TrySetResult();
                await mayApply.Task;
            }
        };
        var offer = node.OfferAsync("slow");
        await holding.Task;
        var answer = node.AnswerAsync("slow");
        Assert.Equal("ok", Node.Result(await node.OfferAsync("other")));
        Assert.False(answer.IsCompleted);
        mayApply.SetResult();
        Assert.Equal("ok", Node.Result(await offer));
        Assert.Equal("ok", Node.Result(await answer));
    }

    [Fact]
    public async Task A_full_mailbox_answers_load_limit()
    {
        var node = new Node(mailboxBound: 1);
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayApply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Media.BeforeApply = async _ => { holding.TrySetResult(); await mayApply.Task; };
        var running = node.OfferAsync();
        await holding.Task;
        var waiting = node.AnswerAsync();
        Assert.Equal("load limit", Node.Result(await node.OfferAsync(supportsLoadLimit: true)));
        mayApply.SetResult();
        Assert.Equal("ok", Node.Result(await running));
        Assert.Equal("ok", Node.Result(await waiting));
    }

    [Fact]
    public async Task A_call_that_fails_is_restored_from_the_store_and_no_other_notices()
    {
        var node = new Node();
        await node.OfferAsync();
        await node.OfferAsync("other");
        node.Media.BeforeApply = static _ => throw new InvalidOperationException("a fault of ours");
        Assert.Equal("error", Node.Result(await node.AnswerAsync()));
        node.Media.BeforeApply = null;
        Assert.Equal("ok", Node.Result(await node.AnswerAsync()));
        Assert.Equal("ok", Node.Result(await node.AnswerAsync("other")));
        Assert.Equal(2, node.Registry.Host.Sessions.Current);
    }

    [Fact]
    public async Task A_call_that_is_to_be_restored_later_is_there_and_wakes_with_its_first_command()
    {
        var node = new Node();
        await node.OfferAsync();
        var callId = node.Registry.Calls.Single().CallId;
        node.Registry.RestoreLater(callId);
        var sleeping = Assert.Single(node.Registry.Calls);
        Assert.Null(sleeping.State);
        Assert.Equal("ok", Node.Result(await node.AnswerAsync()));
        Assert.NotNull(sleeping.State);
        Assert.Equal(1, node.Registry.Host.Sessions.Current);
    }

    [Fact]
    public async Task A_call_that_nobody_needs_for_a_minute_is_kept_in_the_store_only_until_somebody_does()
    {
        var node = new Node();
        await node.OfferAsync();
        var actor = node.Registry.Calls.Single();
        node.Now = node.Now.AddSeconds(59);
        node.Registry.Tick();
        Assert.NotNull(actor.State);
        node.Now = node.Now.AddSeconds(2);
        node.Registry.Tick();
        Assert.Null(actor.State);
        Assert.Equal(1, node.Registry.Host.Sessions.Current);
        Assert.NotNull(await actor.ReadStateAsync());
        Assert.Equal("ok", Node.Result(await node.AnswerAsync()));
        Assert.NotNull(actor.State);
    }

    [Fact]
    public async Task A_first_offer_that_fails_leaves_nothing_behind_when_nothing_was_saved()
    {
        var node = new Node();
        node.Media.OutOfPorts = true;
        Assert.Equal(NgErrors.OutOfPorts, Node.Reason(await node.OfferAsync()));
        Assert.Equal(0, node.Registry.Host.Sessions.Current);
        Assert.Empty(node.Registry.Calls);
        Assert.Equal(0, node.Store.Count);
    }

    [Theory]
    [InlineData(NgVerb.Offer)]
    [InlineData(NgVerb.Answer)]
    [InlineData(NgVerb.Delete)]
    [InlineData(NgVerb.Query)]
    public async Task A_command_about_a_call_needs_its_call_id(NgVerb verb) =>
        Assert.Equal(NgErrors.NoCallId, Node.Reason(await new Node().RunAsync(new NgCommand { Verb = verb })));

    [Fact]
    public async Task Commands_about_unknown_calls_leave_no_actor_behind()
    {
        var node = new Node();
        await node.AnswerAsync("nobody");
        await node.DeleteAsync("nobody");
        Assert.Empty(node.Registry.Calls);
        Assert.Equal((0, 0L, 0L), Sessions(node));
    }

    [Fact]
    public async Task Ping_answers_pong() => Assert.Equal("pong", Node.Result(await new Node().RunAsync(new NgCommand { Verb = NgVerb.Ping })));

    [Fact]
    public async Task List_names_up_to_limit_calls()
    {
        var node = new Node();
        for (int i = 0; i < 40; i++)
        {
            await node.OfferAsync("call" + i);
        }

        Assert.Equal(32, Listed(await node.RunAsync(new NgCommand { Verb = NgVerb.List })));
        Assert.Equal(3, Listed(await node.RunAsync(new NgCommand { Verb = NgVerb.List, Limit = 3 })));
        Assert.Equal("error", Node.Result(await node.RunAsync(new NgCommand { Verb = NgVerb.List, Limit = -1 })));
    }

    [Fact]
    public async Task A_deleted_call_goes_when_its_delay_has_passed()
    {
        var node = new Node();
        await node.OfferAsync();
        await node.DeleteAsync(delay: 10);
        node.Pass(9);
        Assert.NotNull(node.Registry.Find("call"));
        node.Pass(2);
        Assert.Null(node.Registry.Find("call"));
        Assert.Equal(1, node.Registry.Host.Sessions.Read().Regular);
    }

    [Fact]
    public async Task Final_timeout_ends_a_call_and_is_counted()
    {
        var node = new Node(config: Node.Config with { FinalTimeout = 100 });
        await node.OfferAsync();
        node.Pass(99);
        Assert.NotNull(node.Registry.Find("call"));
        node.Pass(2);
        Assert.Null(node.Registry.Find("call"));
        Assert.Equal(1, node.Registry.Host.Sessions.Read().FinalTimeout);
        Assert.Equal("call", Assert.Single(node.Media.Removed).Value);
    }

    [Fact]
    public async Task An_operator_ends_a_call()
    {
        var node = new Node();
        await node.OfferAsync();
        Assert.True(await node.Registry.TerminateAsync("call"));
        Assert.False(await node.Registry.TerminateAsync("call"));
        Assert.Equal(1, node.Registry.Host.Sessions.Read().Forced);
    }

    private static int Listed(NgDictionary reply) => ((NgList)reply["calls"]!).Items.Count;

    private static (int Current, long Managed, long Ended) Sessions(Node node)
    {
        var totals = node.Registry.Host.Sessions.Read();
        return (totals.Current, totals.Managed, totals.Ended);
    }
}
