using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using CommandAnswer = RtpCluster.Cluster.Wire.CommandAnswer;

namespace RtpCluster.Unit.Cluster.Wire.Streams;

/// <summary>Commands, media and facts between nodes over real sockets.</summary>
public sealed class PeerStreamTests
{
    private static readonly NodeRef s_otherLife = new(PeerPair.There.Node, PeerPair.There.Incarnation + 1);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_requests_are_under_way_at_once_and_each_gets_its_own_answer()
    {
        const int Count = 300;
        int arrived = 0;
        await using var pair = await PeerPair.StartAsync(async command =>
        {
            // Nobody is answered before everybody is here.
            if (Interlocked.Increment(ref arrived) == Count)
            {
                _release.SetResult();
            }

            await _release.Task;
            return Echo(command);
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => pair.AskAsync(i.ToString(CultureInfo.InvariantCulture))));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i.ToString(CultureInfo.InvariantCulture)), answers);
    }

    [Fact]
    public async Task A_slow_request_does_not_hold_up_a_fast_one()
    {
        await using var pair = await PeerPair.StartAsync(async command =>
        {
            await (command.Cookie == "slow" ? _release.Task : Task.CompletedTask);
            return Echo(command);
        });
        var slow = pair.AskAsync("slow");
        Assert.Equal("fast", await pair.AskAsync("fast"));
        Assert.False(slow.IsCompleted);
        _release.SetResult();
        Assert.Equal("slow", await slow);
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_answers_the_others_until_it_has_left()
    {
        var told = new TaskCompletionSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            told.SetResult();
        });
        await using var pair = await PeerPair.StartAsync(commandMillis: 5_000);
        Assert.Equal("before", await pair.AskAsync("before"));
        ChildProcess.TryRun("kill", "-TERM", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        await told.Task;
        Assert.Equal("after", await pair.AskAsync("after"));
        Assert.Equal("and again", await pair.AskAsync("and again"));
    }

    [Fact]
    public async Task Who_gets_no_answer_in_time_gives_up_and_what_it_asked_for_goes_on_to_its_end()
    {
        var done = new TaskCompletionSource<string>();
        await using var pair = await PeerPair.StartAsync(
            async command =>
            {
                await (command.Cookie == "late" ? _release.Task : Task.CompletedTask);
                done.TrySetResult(command.Cookie);
                return Echo(command);
            },
            commandMillis: 100);
        Assert.Null(await pair.AskAsync("late"));
        _release.SetResult();
        Assert.Equal("late", await done.Task);
        Assert.Equal("next", await pair.AskAsync("next"));
    }

    [Fact]
    public async Task Messages_larger_than_a_window_pass_both_ways()
    {
        await using var pair = await PeerPair.StartAsync(static command => Task.FromResult(new CommandResult(true, command.Body)));
        byte[] body = new byte[3_000_000];
        new Random(7).NextBytes(body);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pair.Here.CommandAsync(PeerPair.There, new(1, "c", "", body)).AsTask()));
        Assert.All(answers, answer => Assert.True(answer!.Reply.Span.SequenceEqual(body)));
    }

    [Fact]
    public async Task Media_and_facts_go_the_same_way()
    {
        await using var pair = await PeerPair.StartAsync();
        MediaFact? taken = null;
        pair.Service.Fact = fact => (taken = fact) is not null;
        var id = new CallId("call");
        var reply = await pair.Here.MediaAsync(PeerPair.There, new ReserveMedia(1, new(1, 1), id, [new(IpAddress.None, 2)]));
        Assert.Single(reply!.Ports!);
        Assert.True(await pair.Here.FactAsync(PeerPair.There, new CallIdle(id, 3, default)));
        Assert.Equal(id, Assert.IsType<CallIdle>(taken).CallId);
    }

    [Fact]
    public async Task A_fault_of_one_request_is_no_answer_and_harms_no_other()
    {
        await using var pair = await PeerPair.StartAsync(static command =>
            command.Cookie == "bad" ? throw new InvalidOperationException("a fault") : Task.FromResult(Echo(command)));
        Assert.Null(await pair.AskAsync("bad"));
        Assert.Equal("good", await pair.AskAsync("good"));
        Assert.Contains(pair.Lines, line => line.Contains("a request of another node failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_goes_ends_what_waits_and_is_found_again_when_it_is_back()
    {
        await using var pair = await PeerPair.StartAsync(async command =>
        {
            await (command.Cookie == "slow" ? _release.Task : Task.CompletedTask);
            return Echo(command);
        });
        Assert.Equal("first", await pair.AskAsync("first"));
        var slow = pair.AskAsync("slow");
        await pair.StopServerAsync();
        Assert.Null(await slow);
        Assert.Null(await pair.AskAsync("nobody"));
        await pair.StartServerAsync(PeerPair.There);
        await Eventually.HoldsAsync(() => pair.AskAsync("again").GetAwaiter().GetResult() == "again", TimeSpan.FromSeconds(20), () => "it is not found again");
    }

    [Fact]
    public async Task Another_life_at_the_same_address_does_not_answer()
    {
        await using var pair = await PeerPair.StartAsync();
        Assert.Equal("first", await pair.AskAsync("first"));
        await pair.StopServerAsync();
        await pair.StartServerAsync(s_otherLife);
        Assert.Null(await pair.AskAsync("second"));
        pair.Know(s_otherLife);
        Assert.Equal("third", await pair.AskAsync("third", s_otherLife));
        Assert.Null(await pair.AskAsync("fourth"));
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_gets_no_answer()
    {
        bool asked = false;
        await using var pair = await PeerPair.StartAsync(
            command =>
            {
                asked = true;
                return Task.FromResult(Echo(command));
            },
            secret: "another");
        Assert.Null(await pair.AskAsync("x"));
        Assert.False(asked);
    }

    [Fact]
    public async Task A_damaged_request_ends_its_stream_only_and_the_log_says_so()
    {
        await using var pair = await PeerPair.StartAsync();
        Assert.Equal("before", await pair.AskAsync("before"));
        using var client = new HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("authorization", "secret");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{pair.Port}/rtpcluster/v1/stream")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([255, 255, 255, 255, 0]),
        };
        request.Headers.TryAddWithoutValidation("rtpcluster-to", PeerPair.There.ToString());
        await Assert.ThrowsAsync<HttpRequestException>(async () => await (await client.SendAsync(request, Stop)).Content.ReadAsByteArrayAsync(Stop));
        Assert.Contains(pair.Lines, line => line.Contains("damaged frame", StringComparison.Ordinal));
        Assert.Equal("after", await pair.AskAsync("after"));
    }

    [Fact]
    public async Task A_damaged_answer_ends_the_stream_and_is_no_answer()
    {
        await using var pair = await PeerPair.StartAsync();
        await pair.StopServerAsync();
        await using var other = await ServeAsync(pair.Port, static async context =>
        {
            await context.Response.BodyWriter.FlushAsync();
            await context.Request.Body.ReadAtLeastAsync(new byte[64], 1);
            await context.Response.Body.WriteAsync(new byte[] { 255, 255, 255, 255, 0 });
            await context.Response.BodyWriter.FlushAsync();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        Assert.Null(await pair.AskAsync("x"));
        Assert.Contains(pair.Lines, line => line.Contains("damaged frame", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_of_the_version_before_is_asked_by_posts()
    {
        await using var pair = await PeerPair.StartAsync();
        await pair.StopServerAsync();
        await using var other = await ServeAsync(pair.Port, static async context =>
        {
            if (context.Request.Path != "/rtpcluster/v1/command")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = CommandRequest.Parser.ParseFrom(body.ToArray());
            await context.Response.Body.WriteAsync(new CommandAnswer { Served = true, Reply = ByteString.CopyFromUtf8("by post " + request.Cookie) }.ToByteArray());
        });
        Assert.Equal<string?[]>(["by post a", "by post b"], await Task.WhenAll(pair.AskAsync("a"), pair.AskAsync("b")));
        Assert.Equal("by post c", await pair.AskAsync("c"));
    }

    [Fact]
    public async Task Posts_of_nodes_of_the_version_before_are_still_answered()
    {
        await using var pair = await PeerPair.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{pair.Port}/rtpcluster/v1/command")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new CommandRequest { Cookie = "old" }.ToByteArray()),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("secret");
        request.Headers.TryAddWithoutValidation("rtpcluster-to", PeerPair.There.ToString());
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal("old", CommandAnswer.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Stop)).Reply.ToStringUtf8());
    }

    private static CommandResult Echo(CommandMessage command) => PeerPair.Echo(command);

    private static async Task<WebApplication> ServeAsync(int port, RequestDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(serve);
        await app.StartAsync();
        return app;
    }
}
