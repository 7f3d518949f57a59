using RtpCluster.CallModel.Dialogue;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>
/// ng <c>block/unblock media</c>, <c>silence/unsilence media</c>, <c>block/unblock DTMF</c>, <c>start/stop forwarding</c>: one switch that is set on the
/// call, on a participant, or on flows between participants.
/// </summary>
/// <param name="call">Sets it on the call.</param>
/// <param name="participant">Sets it on a participant.</param>
/// <param name="flow">Sets it on a flow; null: this switch knows no flows.</param>
/// <param name="changesMedia">The plan depends on it.</param>
public sealed class MediaControlVerb(
    Action<CallState, bool> call, Action<Monologue, bool> participant, Action<MediaSubscription, bool>? flow, bool changesMedia = true)
{
    /// <summary>block media, unblock media.</summary>
    public static readonly MediaControlVerb BlockMedia = new(
        (c, on) => c.BlockMedia = on, (m, on) => m.BlockMedia = on, (s, on) => s.BlockMedia = on);

    /// <summary>silence media, unsilence media.</summary>
    public static readonly MediaControlVerb SilenceMedia = new(
        (c, on) => c.SilenceMedia = on, (m, on) => m.SilenceMedia = on, (s, on) => s.SilenceMedia = on);

    /// <summary>block DTMF, unblock DTMF: telephone-event packets are dropped; in-band tones stay.</summary>
    public static readonly MediaControlVerb BlockDtmf = new(
        (c, on) => c.BlockDtmf = on, (m, on) => m.BlockDtmf = on, flow: null);

    /// <summary>start forwarding, stop forwarding: remembered and shown; the copy itself comes with recording.</summary>
    public static readonly MediaControlVerb Forwarding = new(
        (c, on) => c.Forwarding = on, (m, on) => m.Forwarding = on, flow: null, changesMedia: false);

    private static readonly HashSet<string> _unsupported = new(StringComparer.OrdinalIgnoreCase)
    {
        "dtmf-security", "trigger", "trigger-end", "trigger-end-time", "trigger-end-digits", "dtmf-delay", "frequency", "frequencies",
    };

    /// <summary>Switches on.</summary>
    public VerbResult Start(VerbContext context) => Run(context, on: true);

    /// <summary>Switches off.</summary>
    public VerbResult Stop(VerbContext context) => Run(context, on: false);

    private VerbResult Run(VerbContext context, bool on)
    {
        var command = context.Command;
        if (string.IsNullOrEmpty(command.CallId))
        {
            return VerbResult.Fail("No call-id in message");
        }

        if (context.Call is not { } state)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if (command.Unsupported.Find(_unsupported.Contains) is { } word)
        {
            return VerbResult.Fail($"not supported yet: {word}");
        }

        string? reason = ParticipantSelection.Find(state, command, out var selected) ?? Set(state, command, selected, on);
        if (reason is not null)
        {
            return VerbResult.Fail(reason);
        }

        return changesMedia ? VerbResult.Commit(NgReplies.Ok()) : VerbResult.CommitQuietly(NgReplies.Ok());
    }

    private string? Set(CallState state, NgCommand command, Monologue? selected, bool on)
    {
        var all = command.All == AllOption.None && command.Flags.HasFlag(NgFlags.All) ? AllOption.All : command.All;
        if (selected is null)
        {
            SetCall(state, all, on);
            return null;
        }

        bool toFlow = flow is not null && (command.ToLabel is not null || command.ToTag is not null);
        if (toFlow)
        {
            return SetFlow(state, command, selected, on);
        }

        if (flow is not null && all != AllOption.None)
        {
            return SetFlows(state, selected, all, on);
        }

        participant(selected, on);
        return null;
    }

    // Off for "all" also takes back what was set on participants and flows one by one.
    private void SetCall(CallState state, AllOption all, bool on)
    {
        call(state, on);
        if (!on && all == AllOption.All)
        {
            state.Monologues.ForEach(m => participant(m, false));
            state.Subscriptions.ForEach(s => flow?.Invoke(s, false));
        }
    }

    private string? SetFlow(CallState state, NgCommand command, Monologue from, bool on)
    {
        var to = command.ToLabel is { } label ? state.FindByLabel(label) : state.FindByTag(command.ToTag!);
        if (to is null)
        {
            return "Media flow not found (to-tag not found)";
        }

        var flows = Flows(state, from).FindAll(s => to.Medias.Exists(m => m.Id == s.Subscriber));
        flows.ForEach(s => flow!(s, on));
        return flows.Count == 0 ? "Media flow not found (to-tag not subscribed)" : null;
    }

    private string? SetFlows(CallState state, Monologue from, AllOption all, bool on)
    {
        var flows = Flows(state, from).FindAll(s => all switch
        {
            AllOption.OfferAnswer => s.OfferAnswer,
            AllOption.ExceptOfferAnswer => !s.OfferAnswer,
            _ => true,
        });
        flows.ForEach(s => flow!(s, on));
        if (all == AllOption.All)
        {
            participant(from, on);
            return null;
        }

        return flows.Count == 0 ? "No eligible media subscriptions found" : null;
    }

    private static List<MediaSubscription> Flows(CallState state, Monologue from) =>
        state.Subscriptions.FindAll(s => !s.RtcpOnly && from.Medias.Exists(m => m.Id == s.Publisher));
}
