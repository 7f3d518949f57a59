using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Verbs;

/// <summary>The SDP of a request: checked, parsed and read.</summary>
/// <param name="Session">The session part (of the first session, when the body has several).</param>
/// <param name="Medias">The m= blocks of every session.</param>
public sealed record SdpRequest(SdpSessionView Session, IReadOnlyList<SdpMediaView> Medias)
{
    /// <summary>Reads the SDP of a request.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="request">What was read; null on failure.</param>
    /// <param name="failure">On failure: the reply. With loop-protect and our own mark: the SDP as it came.</param>
    public static bool TryRead(VerbContext context, out SdpRequest? request, out VerbResult failure)
    {
        request = null;
        failure = default;
        var command = context.Command;
        if (string.IsNullOrEmpty(command.Sdp))
        {
            failure = VerbResult.Fail("No SDP body in message");
            return false;
        }

        if (!SdpParser.TryParse(command.Sdp, context.Config.RejectInvalidSdp, out var sessions, out string error))
        {
            context.Warnings.Add($"SDP refused: {error}");
            failure = VerbResult.Fail("Failed to parse SDP");
            return false;
        }

        if (command.Flags.HasFlag(NgFlags.LoopProtect) && LoopProtection.IsOurs(sessions, context.Config.InstanceId))
        {
            failure = VerbResult.Look(NgReplies.Ok().Add("sdp", command.Sdp));
            return false;
        }

        request = Read(context, sessions);
        return true;
    }

    private static SdpRequest Read(VerbContext context, IReadOnlyList<SdpSession> sessions)
    {
        var first = SdpSessionView.Of(sessions[0]);
        context.Warnings.AddRange(first.Warnings());
        if (sessions.Count == 1)
        {
            return new SdpRequest(first, first.Medias);
        }

        var medias = new List<SdpMediaView>(first.Medias);
        for (int i = 1; i < sessions.Count; i++)
        {
            medias.AddRange(SdpSessionView.Of(sessions[i]).Medias);
        }

        return new SdpRequest(first, medias);
    }
}
