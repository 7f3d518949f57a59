using System.Text;
using RtpCluster.Cluster.Owner;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Simulation;

/// <summary>
/// Calls whose state is the list of cookies of the commands that changed them: save, push, reply, as the call actor does it. A lost, doubled or
/// forgotten effect shows in the list.
/// </summary>
public sealed class ToyCalls(SimNode node, MediaRouter media) : INgHandler
{
    private readonly Dictionary<string, (long Version, string Text)> _calls = [];
    private readonly HashSet<string> _sleeping = [];
    private readonly List<string> _running = [];

    /// <summary>A call's list; empty: not here.</summary>
    public string TextOf(string callId) => _calls.TryGetValue(callId, out var call) ? call.Text : string.Empty;

    public async ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel)
    {
        var callId = new CallId(command.CallId!);
        _running.Add(callId.Value);
        try
        {
            await WakeAsync(callId).ConfigureAwait(false);
            return await RunAsync(callId, command, cancel).ConfigureAwait(false);
        }
        finally
        {
            _running.Remove(callId.Value);
        }
    }

    private async ValueTask<NgDictionary> RunAsync(CallId callId, NgCommand command, CancellationToken cancel)
    {
        var (version, text) = _calls.GetValueOrDefault(callId.Value, (0, string.Empty));
        try
        {
            // "address:port cookie cookie ..."
            if (!Endpoint(text, out var local) || node.Directory.Find(local.Address).IsNone)
            {
                var target = node.Directory.InterfacesOf(node.Directory.Choose(node.Ref));
                var address = target.Count > 0 ? target[0].Address : node.Media.Address;
                ushort[]? ports = await media.ReserveAsync(callId, [new PortRequest(address, 1)], cancel).ConfigureAwait(false);
                text = $"{new NetEndpoint(address, ports![0])}{(text.Length == 0 ? string.Empty : text[text.IndexOf(' ')..])}";
            }

            text = $"{text} {command.Cookie}";
            version++;
            var reply = NgReplies.Ok().Add("n", text.Count(c => c == ' '));
            var stored = new StoredCall(callId, version, Encoding.Latin1.GetBytes(text)) { PlanFollows = true };
            await node.Owned.SaveAsync(stored, new CommandAnswer(command.Cookie!, NgCodec.Encode(reply, NgFormat.Bencode)), cancel).ConfigureAwait(false);
            _calls[callId.Value] = (version, text);
            await media.ApplyAsync(Plan(callId, version, text), cancel).ConfigureAwait(false);
            return reply;
        }
        catch (MediaNodeException e)
        {
            return NgReplies.Error(e.Message);
        }
        catch (OwnershipLostException)
        {
            _calls.Remove(callId.Value);
            throw;
        }
    }

    /// <summary>Has calls kept in the store only, as those are that nobody needs for a while.</summary>
    public void Passivate()
    {
        foreach (string id in _calls.Keys.Except(_running).ToArray())
        {
            _calls.Remove(id);
            _sleeping.Add(id);
            node.Owned.Passivate(new CallId(id));
        }
    }

    /// <summary>Has one sleeping call restored, as its deadline would.</summary>
    public async Task WakeOneAsync()
    {
        if (_sleeping.Count == 0)
        {
            return;
        }

        try
        {
            await WakeAsync(new CallId(_sleeping.First())).ConfigureAwait(false);
        }
        catch (OwnershipLostException)
        {
            // Its shard is taken again, or another's.
        }
    }

    public MediaPlan? Restore(StoredCall call)
    {
        _sleeping.Remove(call.CallId.Value);
        string text = Encoding.Latin1.GetString(call.State.Span);
        _calls[call.CallId.Value] = (call.Version, text);
        return Plan(call.CallId, call.Version, text);
    }

    public void RestoreLater(CallId callId) => _sleeping.Add(callId.Value);

    /// <summary>Has a call restored, as its first message would.</summary>
    public async Task WakeAsync(CallId callId)
    {
        if (_sleeping.Contains(callId.Value) && await node.Owned.LoadAsync(callId, CancellationToken.None).ConfigureAwait(false) is { } stored && _sleeping.Remove(callId.Value))
        {
            Restore(stored);
        }
    }

    public static MediaPlan? PlanOf(StoredCall call) => Plan(call.CallId, call.Version, Encoding.Latin1.GetString(call.State.Span));

    public void Forget(Predicate<CallId> which)
    {
        _sleeping.RemoveWhere(id => which(new CallId(id)));
        foreach (string id in _calls.Keys.Where(id => which(new CallId(id))).ToArray())
        {
            _calls.Remove(id);
        }
    }

    private static bool Endpoint(string text, out NetEndpoint local) => NetEndpoint.TryParse(text.Split(' ')[0], out local);

    private static MediaPlan Plan(CallId callId, long version, string text) => new()
    {
        CallId = callId,
        Epoch = version,
        Streams = Endpoint(text, out var local) ? [new StreamPlan { Id = new StreamId(1), Kind = StreamKind.Rtp, Locals = [local] }] : [],
    };
}
