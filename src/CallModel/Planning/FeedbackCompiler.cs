using System.Numerics;
using RtpCluster.CallModel.Rooms;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Planning;

/// <summary>Which medias' RTCP ends at us, hop by hop, and what their remotes understand: publishers and their subscribers with RTP/AVPF.</summary>
internal static class FeedbackCompiler
{
    private const uint HashBasis = 2166136261;
    private const uint HashPrime = 16777619;

    private static readonly (string Word, FeedbackFlags Flag)[] Words =
    [
        ("nack", FeedbackFlags.Nack),
        ("nack pli", FeedbackFlags.PictureLoss),
        ("ccm fir", FeedbackFlags.FullIntra),
        ("goog-remb", FeedbackFlags.Estimate),
    ];

    /// <summary>
    /// RTCP of this media ends here. A subscriber's only when that of all it receives does: what an ordinary call sends belongs to that call's
    /// other side.
    /// </summary>
    public static bool EndsHere(CallState state, CallMedia media)
    {
        if (!media.IsRtp || !media.Transport.Feedback)
        {
            return false;
        }

        var kind = state.OwnerOf(media).Kind;
        return kind == MonologueKind.Publisher || (kind == MonologueKind.Subscriber && state.Subscriptions.TrueForAll(
            s => s.Subscriber != media.Id || (!s.OfferAnswer && !s.Egress && IsPublishers(state, s.Publisher))));
    }

    /// <summary>The plan; null: its RTCP passes end to end.</summary>
    public static FeedbackPlan? Compile(CallState state, CallMedia media) => !EndsHere(state, media) ? null : new FeedbackPlan
    {
        LocalSsrc = LocalSsrc(state.CallId, media.RtpStream),
        Flags = Flags(media),
        Layers = [.. media.Layers],
        SendSsrc = media.SendSsrc,
        RetransmitSsrc = media.RetransmitSsrc,
        RetransmitTypes = Reverse(RepairNegotiation.Types(media.Codecs)),
        RepairTypes = RepairNegotiation.Types(media.PrintedCodecs),
        Repairs = [.. media.Repairs],
    };

    /// <summary>The header extensions that we read or write on this hop; those of other calls pass as they are.</summary>
    public static ExtensionIds Extensions(CallState state, CallMedia media) => EndsHere(state, media) ? media.Extensions : default;

    /// <summary>The same on every node and after every restart, so that no remote sees another reporter.</summary>
    private static uint LocalSsrc(string callId, StreamId stream)
    {
        uint hash = HashBasis;
        foreach (char c in callId)
        {
            hash = (hash ^ c) * HashPrime;
        }

        hash = (hash ^ (uint)stream.Value) * HashPrime;
        return Math.Max(1, BitOperations.RotateLeft(hash, 13) * HashPrime);
    }

    private static PayloadTypeMap[] Reverse(PayloadTypeMap[] maps) => Array.ConvertAll(maps, m => new PayloadTypeMap(m.To, m.From));

    private static FeedbackFlags Flags(CallMedia media)
    {
        var flags = FeedbackFlags.None;
        var codecs = media.Codecs.Count > 0 ? media.Codecs : media.PrintedCodecs;
        foreach (var (word, flag) in Words)
        {
            flags |= codecs.Exists(c => c.Feedback.Contains(word)) ? flag : FeedbackFlags.None;
        }

        return flags;
    }

    private static bool IsPublishers(CallState state, int mediaId) =>
        state.FindMedia(mediaId) is { IsRtp: true, Transport.Feedback: true } media && state.OwnerOf(media).Kind == MonologueKind.Publisher;
}
