using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>The two halves that an SDP concerns: the one whose SDP it is, and the one it is rewritten for.</summary>
/// <param name="Sender">Whose SDP it is.</param>
/// <param name="Receiver">Who gets the rewritten one.</param>
public readonly record struct DialoguePair(Monologue Sender, Monologue Receiver);

/// <summary>Finds (or makes) the two monologues of an offer or answer by tags, via-branch and existing association.</summary>
public static class DialogueLookup
{
    private const int FinalCode = 200;

    /// <summary>The pair of an offer. Makes what is missing.</summary>
    public static DialoguePair ForOffer(CallState call, NgCommand command, Instant now)
    {
        var receiver = command.ToTag is { } toTag ? call.FindByTag(toTag) : null;
        var sender = call.FindByTag(command.FromTag!);
        if (sender is null)
        {
            sender = receiver is null ? null : UntaggedPeer(call, receiver, command.ViaBranch);
            sender ??= call.AddMonologue(null, now);
            sender.Tag ??= command.FromTag;
        }

        receiver ??= OfferedBranch(call, sender, command) ?? NewBranch(call, command, now);
        return new DialoguePair(sender, receiver);
    }

    /// <summary>The pair of an answer; null: the offerer is unknown.</summary>
    /// <remarks>The message's from-tag is the offerer, its to-tag the answerer, whose SDP it is.</remarks>
    public static DialoguePair? ForAnswer(CallState call, NgCommand command, Instant now)
    {
        if (call.FindByTag(command.FromTag!) is not { } offerer)
        {
            return null;
        }

        var answerer = call.FindByTag(command.ToTag!);
        if (answerer is null)
        {
            answerer = Branch(call, command.ViaBranch) ?? LastPeer(call, offerer);
            if (answerer is null)
            {
                return null;
            }

            answerer = TakeTag(call, answerer, offerer, command, now);
        }

        if (command.SipCode >= FinalCode)
        {
            answerer.FinalAnswer = true;
        }

        return new DialoguePair(answerer, offerer);
    }

    /// <summary>Gives the answerer its tag: it had none, or it had another (then it is renamed, or a new participant).</summary>
    private static Monologue TakeTag(CallState call, Monologue answerer, Monologue offerer, NgCommand command, Instant now)
    {
        if (answerer.Tag is { } before)
        {
            bool fresh = command.Flags.HasFlag(NgFlags.NewBranch)
                || (answerer.FinalAnswer && !command.Flags.HasFlag(NgFlags.Provisional));
            if (fresh)
            {
                return Fork(call, answerer, offerer, command, now);
            }

            answerer.Aliases.Add(before);
        }

        answerer.Tag = command.ToTag;
        return answerer;
    }

    /// <summary>Another participant answers the same offer: it gets what the first one was offered, ports and keys included in the offer.</summary>
    private static Monologue Fork(CallState call, Monologue original, Monologue offerer, NgCommand command, Instant now)
    {
        var fork = call.AddMonologue(command.ToTag, now);
        fork.Interface = original.Interface;
        foreach (var media in original.Medias)
        {
            var copy = media.Clone();
            copy.Id = call.TakeId();
            copy.MonologueId = fork.Id;
            copy.RtpStream = new StreamId(call.TakeId());
            copy.RtcpStream = new StreamId(call.TakeId());
            copy.LearnedRtp = default;
            copy.LearnedRtcp = default;
            fork.Medias.Add(copy);
            media.Ports = null;
            Pairing.Move(call, media, copy);
        }

        return fork;
    }

    private static Monologue? OfferedBranch(CallState call, Monologue sender, NgCommand command)
    {
        if (command.ViaBranch is { } branch)
        {
            var known = Branch(call, branch);
            if (known is not null && known != sender)
            {
                return known;
            }
        }

        // A to-tag that nobody owns, or a via-branch nobody has seen: the branch that still waits for its first answer, when it is the
        // only one that can be meant.
        foreach (var peer in Pairing.Peers(call, sender))
        {
            bool sameBranch = command.ViaBranch is null || peer.ViaBranch is null;
            if (!sameBranch)
            {
                continue;
            }

            if (peer.Tag is null)
            {
                peer.ViaBranch ??= command.ViaBranch;
                peer.Tag = command.ToTag;
                return peer;
            }

            if (command.ToTag is null && command.ViaBranch is null)
            {
                return peer;
            }
        }

        return null;
    }

    private static Monologue NewBranch(CallState call, NgCommand command, Instant now)
    {
        var branch = call.AddMonologue(command.ToTag, now);
        branch.ViaBranch = command.ViaBranch;
        return branch;
    }

    private static Monologue? Branch(CallState call, string? branch) =>
        branch is null ? null : call.Monologues.Find(m => m.ViaBranch == branch);

    private static Monologue? UntaggedPeer(CallState call, Monologue monologue, string? branch) =>
        Pairing.Peers(call, monologue).Find(p => p.Tag is null) is { } peer && (branch is null || peer.ViaBranch is null || peer.ViaBranch == branch)
            ? peer
            : null;

    private static Monologue? LastPeer(CallState call, Monologue offerer)
    {
        var peers = Pairing.Peers(call, offerer);
        return peers.FindLast(p => p.Tag is null) ?? (peers.Count > 0 ? peers[^1] : null);
    }
}
