using RtpCluster.CallModel.Verbs;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Trickle;

/// <summary>
/// Any command with an SDP and the flag <c>fragment</c>: the body is a trickled part (RFC 8840) of the SDP of whoever the command's SDP would be of. It
/// is swallowed: no SDP comes back.
/// </summary>
public static class FragmentVerb
{
    /// <summary>Makes a verb take fragments too.</summary>
    public static Func<VerbContext, VerbResult> Or(Func<VerbContext, VerbResult> verb) =>
        context => context.Command.Flags.HasFlag(NgFlags.Fragment) ? Run(context) : verb(context);

    private static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        bool isAnswer = command.Verb is NgVerb.Answer or NgVerb.SubscribeAnswer;
        string? tag = isAnswer ? command.ToTag : command.FromTag;
        if (string.IsNullOrEmpty(tag))
        {
            return VerbResult.Fail(isAnswer ? "No to-tag in message" : "No from-tag in message");
        }

        if (string.IsNullOrEmpty(command.Sdp))
        {
            return VerbResult.Fail("No SDP body in message");
        }

        if (!SdpFragment.TryParse(command.Sdp, out var view, out string error))
        {
            context.Warnings.Add($"fragment refused: {error}");
            return VerbResult.Fail("Failed to parse SDP");
        }

        var fragment = new TrickleFragment(tag, view!);
        if (context.Call is { } call && fragment.TryApply(call))
        {
            return VerbResult.Commit(NgReplies.Ok());
        }

        context.Early = fragment;
        return VerbResult.Look(NgReplies.Ok());
    }
}
