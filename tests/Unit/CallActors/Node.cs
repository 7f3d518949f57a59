using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.TestKit.Nodes;

namespace RtpCluster.Unit.CallActors;

/// <summary>A registry over the real call machine and the real store, with time in the test's hand.</summary>
internal sealed class Node : ILoadGauge
{
    private static readonly LocalInterface Local = new("default", IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1"));

    public Node(EmbeddedCallStore? store = null, int mailboxBound = 64, CallConfig? config = null)
    {
        Store = store ?? new EmbeddedCallStore(new());
        var host = new CallHost
        {
            Config = config ?? new CallConfig { Interfaces = [Local] },
            Node = Media,
            Store = Store,
            Log = NullLogger.Instance,
            Clock = () => Now,
            MailboxBound = mailboxBound,
        };
        Registry = new CallRegistry(host, Limits, this);
    }

    public static CallConfig Config { get; } = new() { Interfaces = [Local] };

    public InMemoryMediaNode Media { get; } = new();

    public EmbeddedCallStore Store { get; }

    public LoadLimits Limits { get; } = new();

    public CallRegistry Registry { get; }

    public Instant Now { get; set; } = new(1_700_000_000_000_000);

    public double Load { get; set; }

    public double Cpu { get; set; }

    public long Bandwidth { get; set; }

    public Task<NgDictionary> OfferAsync(string callId = "call", bool supportsLoadLimit = false) => RunAsync(new NgCommand
    {
        Verb = NgVerb.Offer,
        CallId = callId,
        FromTag = "A",
        Sdp = Sdp("198.51.100.1", 4000),
        SupportsLoadLimit = supportsLoadLimit,
    });

    public Task<NgDictionary> AnswerAsync(string callId = "call") => RunAsync(new NgCommand
    {
        Verb = NgVerb.Answer,
        CallId = callId,
        FromTag = "A",
        ToTag = "B",
        Sdp = Sdp("198.51.100.2", 5000),
    });

    public Task<NgDictionary> DeleteAsync(string callId = "call", int? delay = null) => RunAsync(new NgCommand
    {
        Verb = NgVerb.Delete,
        CallId = callId,
        FromTag = "A",
        DeleteDelay = delay,
    });

    public Task<NgDictionary> RunAsync(NgCommand command) => Registry.HandleAsync(command, CancellationToken.None).AsTask();

    /// <summary>Moves time and does what is due; in-memory effects end before this returns.</summary>
    public void Pass(int seconds)
    {
        Now = Now.AddSeconds(seconds);
        Registry.Tick();
    }

    /// <summary>Completes when the call is gone: its mailbox has let the next message in and there is no actor to take it.</summary>
    public async Task WhenEnded(string callId)
    {
        var removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Media.AfterRemove = gone => removed.TrySetResult();
        await removed.Task;

        // A command waits for the turn after the one that ends the call.
        await RunAsync(new NgCommand { Verb = NgVerb.Query, CallId = callId });
    }

    public static string? Result(NgDictionary reply) => (reply["result"] as NgString)?.Text;

    public static string? Reason(NgDictionary reply) => (reply["error-reason"] as NgString)?.Text;

    private static string Sdp(string address, int port) =>
        $"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
}
