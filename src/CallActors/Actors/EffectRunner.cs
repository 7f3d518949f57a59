using Microsoft.Extensions.Logging;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>What draining a machine led to.</summary>
internal struct DrainResult
{
    /// <summary>The answer for the client.</summary>
    public NgDictionary? Reply;

    /// <summary>The call ended, for this reason.</summary>
    public CallEndReason? Ended;

    /// <summary>The statistics the media node had at the end.</summary>
    public CallStatistics? Last;
}

/// <summary>
/// Carries out the effects of a call machine, in the machine's order: save before push before reply, so that an answer the client has seen
/// is durable and in force. Effects are never cancelled half way: the client may go, the call goes on.
/// </summary>
internal static class EffectRunner
{
    /// <summary>Drains the machine to its end.</summary>
    /// <param name="machine">The call.</param>
    /// <param name="host">What carries the effects out.</param>
    /// <param name="cookie">Of the command that runs; null: none does.</param>
    public static async ValueTask<DrainResult> DrainAsync(CallMachine machine, CallHost host, string? cookie)
    {
        var result = default(DrainResult);
        while (machine.TryGetOutput(out var effect))
        {
            switch (effect)
            {
                case ReservePorts reserve:
                    var ports = await host.Node.ReserveAsync(machine.CallId, reserve.Requests, CancellationToken.None).ConfigureAwait(false);
                    machine.Handle(host.Clock(), new PortsReserved(ports));
                    break;
                case ReadStatistics:
                    var read = await host.Node.ReadAsync(machine.CallId, CancellationToken.None).ConfigureAwait(false);
                    machine.Handle(host.Clock(), new StatisticsRead(read));
                    break;
                case ReleasePorts release:
                    await host.Node.ReleaseAsync(machine.CallId, release.Ports, CancellationToken.None).ConfigureAwait(false);
                    break;
                case SaveCall save:
                    await host.Store.SaveAsync(save.Call, Answer(machine, host, cookie), CancellationToken.None).ConfigureAwait(false);
                    break;
                case PushPlan push:
                    await host.Node.ApplyAsync(push.Plan, CancellationToken.None).ConfigureAwait(false);
                    break;
                case CallEnded ended:
                    result.Ended = ended.Reason;
                    result.Last = await EndAsync(machine.CallId, host, Answer(machine, host, cookie)).ConfigureAwait(false);
                    break;
                case Reply reply:
                    result.Reply = reply.Body;
                    break;
                case Warn warn:
                    host.Log.LogWarning("{Warning}", warn.Text);
                    break;
                default:
                    throw new InvalidOperationException($"no way to carry out {effect.GetType().Name}");
            }
        }

        return result;
    }

    /// <summary>Forgets a call. First the store: dying in between leaves media without a call, which adoption removes, never a call without media.</summary>
    public static async ValueTask<CallStatistics?> EndAsync(CallId callId, CallHost host, CommandAnswer? answer = null)
    {
        await host.Store.DeleteAsync(callId, answer, CancellationToken.None).ConfigureAwait(false);
        try
        {
            return await host.Node.RemoveAsync(callId, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MediaNodeException e)
        {
            host.Log.LogWarning("media of the ended call could not be removed: {Problem}", e.Message);
            return null;
        }
    }

    // The answer comes after the save, but is known before: a store that keeps answers keeps both in one step.
    private static CommandAnswer? Answer(CallMachine machine, CallHost host, string? cookie) =>
        cookie is { Length: > 0 } && host.Store.KeepsAnswers && machine.PendingReply is { } reply
            ? new(cookie, NgCodec.Encode(reply, NgFormat.Bencode))
            : null;
}
