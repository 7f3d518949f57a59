using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control;

public class DispatcherTests
{
    private static readonly NetEndpoint Client = NetEndpoint.Parse("192.0.2.7:5060");

    private readonly ControlStatistics _statistics = new();
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("c ", "c d6:result5:error12:error-reason25:Invalid data (no payload)e")]
    [InlineData("c x", "c d6:result5:error12:error-reason22:Invalid NG data formate")]
    [InlineData("c dx", "c d6:result5:error12:error-reason35:Could not decode bencode dictionarye")]
    [InlineData("c {x", "c {\"result\":\"error\",\"error-reason\":\"Failed to parse JSON document\"}")]
    [InlineData("c de", "c d6:result5:error12:error-reason36:Dictionary contains no key \"command\"e")]
    [InlineData("c {\"command\":\"x\"}", "c {\"result\":\"error\",\"error-reason\":\"Unrecognized command\"}")]
    [InlineData("c d7:command4:pinge", "c d6:result4:ponge")]
    [InlineData("c {\"command\":\"cli\",\"body\":\"list totals\"}", "c {\"result\":\"ok\",\"response\":\"ran list totals\\n\"}")]
    public void Every_request_is_answered_in_its_format_with_its_cookie(string request, string reply)
    {
        using var dispatcher = Create(new ScriptedHandler());
        Assert.Equal(reply, Dispatch(dispatcher, request));
    }

    [Fact]
    public void A_handler_that_completes_at_once_is_answered_at_once()
    {
        using var dispatcher = Create(new ScriptedHandler());
        var work = dispatcher.DispatchAsync(new CookieCache(_time), "c d7:command5:offere"u8, Client).AsTask();
        Assert.True(work.IsCompletedSuccessfully);
    }

    [Fact]
    public void The_handler_learns_who_asked()
    {
        var handler = new ScriptedHandler();
        using var dispatcher = Create(handler);
        Dispatch(dispatcher, "c d7:command5:offere");
        Assert.Equal("192.0.2.7:5060", Assert.Single(handler.Commands).ClientAddress);
    }

    [Fact]
    public void A_handler_that_fails_harms_no_other_request_and_the_retry_runs()
    {
        bool broken = true;
        var handler = new ScriptedHandler(_ => broken ? throw new InvalidOperationException("ours") : new ValueTask<NgDictionary>(NgReplies.Ok()));
        using var dispatcher = Create(handler);
        var cookies = new CookieCache(_time);
        Assert.Null(Dispatch(dispatcher, "c d7:command5:offere", cookies));
        Assert.Equal("d d6:result4:ponge", Dispatch(dispatcher, "d d7:command4:pinge", cookies));
        broken = false;
        Assert.Equal("c d6:result2:oke", Dispatch(dispatcher, "c d7:command5:offere", cookies));
        Assert.Equal(1, _statistics.Failures);
    }

    [Fact]
    public void Requests_over_the_limit_are_dropped_counted_and_may_be_retried()
    {
        var answer = new TaskCompletionSource<NgDictionary>();
        using var dispatcher = Create(new ScriptedHandler(_ => new ValueTask<NgDictionary>(answer.Task)), new ControlOptions { MaxRunningRequests = 1 });
        var cookies = new CookieCache(_time);
        Assert.False(dispatcher.DispatchAsync(cookies, "a d7:command5:offere"u8, Client).AsTask().IsCompleted);
        Assert.Null(Dispatch(dispatcher, "b d7:command4:pinge", cookies));
        Assert.Equal(1, _statistics.Dropped);
        answer.SetResult(NgReplies.Ok());
        Assert.Equal("b d6:result4:ponge", Dispatch(dispatcher, "b d7:command4:pinge", cookies));
    }

    [Fact]
    public void Requests_errors_and_unknown_words_are_counted_by_client_and_verb()
    {
        var handler = new ScriptedHandler(_ =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(2));
            return new ValueTask<NgDictionary>(NgReplies.Error("Unknown call-id"));
        });
        using var dispatcher = Create(handler);
        Dispatch(dispatcher, "a d7:command5:query6:colour3:rede");
        Dispatch(dispatcher, "b d7:command5:querye");
        Dispatch(dispatcher, "c x");
        var client = Assert.Single(_statistics.Clients());
        Assert.Equal(("192.0.2.7", 3), (client.Address, client.Errors));
        Assert.Equal(new VerbCount(NgVerb.Query, 2, 4_000), Assert.Single(client.Verbs));
        Assert.Equal(1, _statistics.UnknownWords);
        var reply = _statistics.ToReply();
        Assert.Equal(new NgInteger(2), reply["totalquerycount"]);
        Assert.Equal(new NgString("0.004000"), reply["totalqueryduration"]);
        Assert.Equal(new NgInteger(3), ((NgDictionary)((NgList)reply["proxies"]!).Items[0])["errorcount"]);
    }

    [Fact]
    public async Task A_drain_cancels_what_takes_too_long()
    {
        var cancelled = new TaskCompletionSource();
        var handler = new CancellableHandler(cancelled);
        using var dispatcher = Create(handler, time: TimeProvider.System);
        var work = dispatcher.DispatchAsync(new CookieCache(_time), "a d7:command5:offere"u8, Client);
        await dispatcher.DrainAsync(TimeSpan.Zero);
        await cancelled.Task;
        Assert.Null(await work);
    }

    private string? Dispatch(Dispatcher dispatcher, string request, CookieCache? cookies = null)
    {
        var work = dispatcher.DispatchAsync(cookies ?? new CookieCache(_time), NgCodec.ToBytes(request), Client).AsTask();
        Assert.True(work.IsCompletedSuccessfully);
        return work.GetAwaiter().GetResult() is { } reply ? NgCodec.FromBytes(reply) : null;
    }

    private Dispatcher Create(INgHandler handler, ControlOptions? options = null, TimeProvider? time = null) =>
        new(options ?? new ControlOptions(), handler, new EchoCli(), _statistics, time ?? _time, NullLogger.Instance);

    private sealed class CancellableHandler(TaskCompletionSource cancelled) : INgHandler
    {
        public async ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return NgReplies.Ok();
            }
            finally
            {
                cancelled.SetResult();
            }
        }
    }
}
