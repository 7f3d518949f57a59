using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Cluster.Routing;

/// <summary>
/// The router of a cluster's node: runs the commands of the shards it serves and sends the others to their owners, again and again until one
/// answers or the deadline is over. Safe for concurrent use.
/// </summary>
public sealed class ClusterRouter(
    ClusterNode node, INgHandler local, IClusterStore store, IPeers peers, ClusterTime time, ClusterTimers timers, NgTemplates templates, ILogger log)
    : ICallRouter
{
    private const int FirstPauseMillis = 20, LastPauseMillis = 160, AskAgainMillis = 250;
    private readonly ReplyCache _replies = new(time);
    private readonly CommandTurns _turns = new();

    /// <inheritdoc/>
    public bool IsLocal(CallId callId) => node.TokenOf(node.ShardOf(callId.Value)) is not null;

    /// <inheritdoc/>
    public async ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(command.CallId))
        {
            if (command.Verb != NgVerb.Publish)
            {
                return await local.HandleAsync(command, cancel).ConfigureAwait(false);
            }

            command.CallId = RandomNumberGenerator.GetHexString(64, lowercase: true);
            command.Source?.Add("call-id", command.CallId);
        }

        int shard = node.ShardOf(command.CallId);
        long until = time.Now() + timers.Command;
        CommandMessage? message = null;
        int pause = FirstPauseMillis;
        var asked = NodeRef.None;
        for (long askAgain = 0; time.Now() < until && !cancel.IsCancellationRequested;)
        {
            if (await TryHereAsync(shard, command, cancel).ConfigureAwait(false) is { } reply)
            {
                return reply;
            }

            // An owner that is not ready keeps the command a while itself: many commands that ask all the time would keep it from getting ready.
            var (owner, relays) = node.WhomToAsk(shard);
            if (!owner.IsNone && (owner != asked || time.Now() >= askAgain))
            {
                asked = owner;
                message ??= Pack(shard, command);
                node.Counters.Forwarded();
                if (await peers.CommandAsync(owner, message with { Relay = relays }).ConfigureAwait(false) is { Served: true } served
                    && NgCodec.TryDecode(served.Reply.Span, out var answer, out _, out _))
                {
                    return answer;
                }

                askAgain = time.Now() + AskAgainMillis;
                node.Look(shard);
            }

            // A take-over under load has thousands of commands waiting here: they must not take its time.
            await time.Delay(pause).ConfigureAwait(false);
            pause = Math.Min(pause * 2, LastPauseMillis);
        }

        log.LogWarning("no owner of shard {Shard} answered within {Millis} ms", shard, timers.Command);
        return NgReplies.LoadLimit("the call's owner cannot be reached", command.SupportsLoadLimit);
    }

    /// <summary>Runs a command that another node sent here.</summary>
    public async ValueTask<CommandResult> HandleRemoteAsync(CommandMessage message, CancellationToken cancel)
    {
        for (long until = time.Now() + AskAgainMillis; node.TokenOf(message.Shard) is null && node.IsTaking(message.Shard) && time.Now() < until;)
        {
            await time.Delay(FirstPauseMillis).ConfigureAwait(false);
        }

        if (node.TokenOf(message.Shard) is null && message.Relay && node.OwnerOf(message.Shard) is { IsNone: false } owner && owner != node.Self)
        {
            return await peers.CommandAsync(owner, message with { Relay = false }).ConfigureAwait(false) ?? new(false, default);
        }

        if (node.TokenOf(message.Shard) is null
            || !NgCodec.TryDecode(message.Body.Span, out var dictionary, out _, out _)
            || !NgCommandParser.TryParse(dictionary, templates, out var command, out _))
        {
            return new(false, default);
        }

        command.ClientAddress = message.Client;
        command.Cookie = message.Cookie;
        var reply = await TryHereAsync(message.Shard, command, cancel).ConfigureAwait(false);
        return reply is null ? new(false, default) : new(true, NgCodec.Encode(reply, NgFormat.Bencode));
    }

    /// <summary>Takes over an answer that a former owner gave.</summary>
    public void Remember(int shard, CommandAnswer answer) => _replies.Put(shard, answer);

    // Null: the shard is not ours, or stopped being ours before anything was answered.
    private async ValueTask<NgDictionary?> TryHereAsync(int shard, NgCommand command, CancellationToken cancel)
    {
        if (node.TokenOf(shard) is null)
        {
            return null;
        }

        if (!await _turns.EnterAsync().ConfigureAwait(false))
        {
            node.Counters.Refused();
            return NgReplies.LoadLimit("too many commands wait at this node", command.SupportsLoadLimit);
        }

        try
        {
            return node.TryEnter(shard) ? await EnteredAsync(shard, command, cancel).ConfigureAwait(false) : null;
        }
        finally
        {
            _turns.Leave();
        }
    }

    private async ValueTask<NgDictionary?> EnteredAsync(int shard, NgCommand command, CancellationToken cancel)
    {
        try
        {
            var token = node.TokenOf(shard);
            return string.IsNullOrEmpty(command.Cookie)
                ? await RunAsync(shard, token, command, cancel).ConfigureAwait(false)
                : await OnceAsync(shard, token, command, cancel).ConfigureAwait(false);
        }
        catch (OwnershipLostException e)
        {
            log.LogDebug("shard {Shard}: {Problem}; the command is routed again", shard, e.Message);
            return null;
        }
        finally
        {
            node.Exit(shard);
        }
    }

    // A shard that is taken again drops its calls: what a command did not find meanwhile may well be there, and it is routed again.
    private async ValueTask<NgDictionary?> RunAsync(int shard, FenceToken? token, NgCommand command, CancellationToken cancel)
    {
        var reply = await local.HandleAsync(command, cancel).ConfigureAwait(false);
        return node.TokenOf(shard) != token && (reply["result"] as NgString)?.Text == "error" ? null : reply;
    }

    private async ValueTask<NgDictionary?> OnceAsync(int shard, FenceToken? token, NgCommand command, CancellationToken cancel)
    {
        string cookie = command.Cookie!;
        if (!_replies.TryBegin(shard, cookie, out var first))
        {
            node.Counters.Replayed();
            return await first.ConfigureAwait(false);
        }

        NgDictionary? reply = null;
        try
        {
            reply = await EarlierAsync(shard, cookie, cancel).ConfigureAwait(false)
                ?? await RunAsync(shard, token, command, cancel).ConfigureAwait(false);
            return reply;
        }
        finally
        {
            // What was not begun may be asked again.
            _replies.End(shard, cookie, reply is not null && IsAway(reply) ? null : reply);
        }
    }

    /// <summary>While the answers of the former owner may still matter, the store is asked whether it gave one.</summary>
    private async ValueTask<NgDictionary?> EarlierAsync(int shard, string cookie, CancellationToken cancel)
    {
        if (time.Now() - node.ServedSince(shard) > CommitCall.ReplyMillis)
        {
            return null;
        }

        try
        {
            var request = new ReadCachedReply(shard.ToString(System.Globalization.CultureInfo.InvariantCulture), cookie);
            var cached = await store.RunAsync(request, cancel).ConfigureAwait(false);
            if (cached.Reply is null || !NgCodec.TryDecode(cached.Reply, out var reply, out _, out _))
            {
                return null;
            }

            node.Counters.Replayed();
            return reply;
        }
        catch (StoreUnavailableException e)
        {
            throw new OwnershipLostException("whether the command was answered before is unknown", e);
        }
    }

    private static bool IsAway(NgDictionary reply) => (reply["error-reason"] as NgString)?.Text.EndsWith(OwnedCalls.Away, StringComparison.Ordinal) == true;

    private static CommandMessage Pack(int shard, NgCommand command) => new(
        shard, command.Cookie ?? string.Empty, command.ClientAddress ?? string.Empty, NgCodec.Encode(command.Source!, NgFormat.Bencode));
}
