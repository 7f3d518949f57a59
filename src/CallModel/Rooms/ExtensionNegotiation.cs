using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Rooms;

/// <summary>
/// RTP header extensions (RFC 8285) of publishers and their subscribers. What describes the media goes through; what belongs to a hop is said
/// anew on the next one or ends here.
/// </summary>
public static class ExtensionNegotiation
{
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string SendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    private static readonly HashSet<string> _through =
    [
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "urn:ietf:params:rtp-hdrext:toffset",
        "urn:3gpp:video-orientation",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
        "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
    ];

    private static readonly (string Uri, Func<ExtensionIds, byte, ExtensionIds> Set)[] _own =
    [
        (Mid, (ids, id) => ids with { Mid = id }),
        ("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", (ids, id) => ids with { Rid = id }),
        ("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", (ids, id) => ids with { RepairedRid = id }),
        ("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", (ids, id) => ids with { TransportWide = id }),
        (SendTime, (ids, id) => ids with { SendTime = id }),
        ("urn:ietf:params:rtp-hdrext:ssrc-audio-level", (ids, id) => ids with { AudioLevel = id }),
    ];

    /// <summary>What we take of a publisher's extensions: names of medias and layers only where there is something to tell apart.</summary>
    /// <param name="command">Its lists extmap-strip and extmap-mask, and the flag strip-extmap.</param>
    /// <param name="offered">What the publisher offered.</param>
    /// <param name="bundled">The media shares its port with others.</param>
    /// <param name="layered">It has simulcast layers.</param>
    /// <param name="repaired">It sends lost packets again in a stream of their own.</param>
    /// <param name="isVideo">It is video: its sender heeds transport-wide feedback.</param>
    public static List<ExtMapAttribute> Accept(NgCommand command, IReadOnlyList<ExtMapAttribute> offered, bool bundled, bool layered, bool repaired, bool isVideo)
    {
        var accepted = new List<ExtMapAttribute>();
        foreach (var extension in offered)
        {
            var own = Ids([extension]);
            bool wanted = _through.Contains(extension.Uri) || (own.Mid > 0 && (bundled || layered)) || (own.Rid > 0 && layered)
                || (own.RepairedRid > 0 && layered && repaired) || (own.TransportWide > 0 && isVideo);
            if (wanted && !IsHidden(command, extension.Uri))
            {
                accepted.Add(extension);
            }
        }

        return accepted;
    }

    /// <summary>Whether a subscriber of a publisher is offered an extension: what goes through, and what we write ourselves.</summary>
    public static bool IsOffered(string uri, bool isVideo) => _through.Contains(uri) || uri == Mid || (isVideo && uri == SendTime);

    /// <summary>The ids of the extensions that we read or write.</summary>
    public static ExtensionIds Ids(IReadOnlyList<ExtMapAttribute> negotiated)
    {
        var ids = default(ExtensionIds);
        foreach (var extension in negotiated)
        {
            var (_, set) = Array.Find(_own, row => row.Uri == extension.Uri);
            ids = set is null || extension.Id > byte.MaxValue ? ids : set(ids, (byte)extension.Id);
        }

        return ids;
    }

    /// <summary>The ids of what ends at us: no receiver may have it.</summary>
    public static IEnumerable<byte> HopIds(ExtensionIds ids) =>
        new[] { ids.Mid, ids.Rid, ids.RepairedRid, ids.TransportWide, ids.SendTime }.Where(id => id > 0);

    private static bool IsHidden(NgCommand command, string uri) =>
        command.Flags.HasFlag(NgFlags.StripExtmap) || command.ExtmapStrip.Contains(uri) || command.ExtmapMask.Contains(uri);
}
