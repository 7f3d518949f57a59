using RtpCluster.Ng;

namespace RtpCluster.Simulation;

/// <summary>The client of one call: one command after the other; the same cookie again at any node until somebody answers.</summary>
public sealed class SimClient
{
    private const int RetryMillis = 1000;
    private readonly World _world;
    private int _next;
    private int _attempt;
    private bool _ended;

    public SimClient(World world, string callId)
    {
        _world = world;
        CallId = callId;
        world.At(world.Chance.Next(500, 1500), Begin);
    }

    public string CallId { get; }

    /// <summary>Cookies whose answer the client has seen, in order.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>Every cookie that was ever sent.</summary>
    public HashSet<string> Sent { get; } = [];

    /// <summary>Send no further command.</summary>
    public void End() => _ended = true;

    /// <summary>Waits for an answer.</summary>
    public bool IsWaiting { get; private set; }

    private void Begin()
    {
        if (!_ended)
        {
            IsWaiting = true;
            string cookie = $"{CallId}.{_next++}";
            Sent.Add(cookie);
            Send(cookie);
        }
    }

    private void Send(string cookie)
    {
        int attempt = ++_attempt;
        _world.At(RetryMillis, () =>
        {
            if (attempt == _attempt && IsWaiting)
            {
                Send(cookie);
            }
        });
        var nodes = _world.Nodes.FindAll(n => n.IsAlive);
        if (nodes.Count > 0)
        {
            var node = nodes[_world.Chance.Next(nodes.Count)];
            _world.At(node, _world.Chance.Next(1, 4), () => Ask(node, cookie));
        }
    }

    private async void Ask(SimNode node, string cookie)
    {
        var command = new NgCommand
        {
            Verb = NgVerb.Offer,
            CallId = CallId,
            Cookie = cookie,
            Source = new NgDictionary().Add("command", "offer").Add("call-id", CallId),
        };
        var reply = await node.Router.HandleAsync(command, default).ConfigureAwait(false);
        // Of a command that was sent more than once only the first answer counts: by the time of the others the next one may have changed the call.
        if ((reply["result"] as NgString)?.Text == "ok" && !_world.Lost() && Awaits(cookie))
        {
            _world.Answered(CallId, ((NgInteger)reply["n"]!).Number);
            _world.At(_world.Chance.Next(1, 4), () => Answered(cookie));
        }
    }

    private bool Awaits(string cookie) => IsWaiting && cookie == $"{CallId}.{_next - 1}";

    private void Answered(string cookie)
    {
        if (Awaits(cookie))
        {
            Acknowledged.Add(cookie);
            IsWaiting = false;
            _world.At(_world.Chance.Next(20, 800), Begin);
        }
    }
}
