using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.Fuzz.Targets;

/// <summary>The SDP engine: parse, look at everything, print.</summary>
internal static class SdpTargets
{
    private static readonly IpAddress Address = IpAddress.Parse("203.0.113.1");

    /// <summary>What parses can be viewed and printed, and what we print parses.</summary>
    public static void Body(byte[] input)
    {
        string text = NgCodec.FromBytes(input);
        SdpParser.TryParse(text, strict: true, out _, out _);
        if (!SdpParser.TryParse(text, strict: false, out var sessions, out string error))
        {
            FuzzFailure.Unless(error.Length > 0, "refused without a reason");
            return;
        }

        foreach (var session in sessions)
        {
            Print(SdpSessionView.Of(session));
        }
    }

    private static void Print(SdpSessionView view)
    {
        view.Warnings();
        SdpMediaOutput[] medias = [.. view.Medias.Select((media, index) => Look(media) is { IsRejected: true }
            ? SdpTransit.Verbatim(media, Address, 30_000 + index)
            : SdpTransit.Media(media, Address, 30_000 + index))];
        string printed = SdpPrinter.Print(SdpTransit.Session(view, medias));
        FuzzFailure.Unless(SdpParser.TryParse(printed, strict: false, out _, out string error), $"what we print does not parse: {error}\n{printed}");
    }

    private static SdpMediaView Look(SdpMediaView media)
    {
        _ = (media.Endpoint, media.RtcpEndpoint, media.Direction, media.Setup, media.Fingerprint, media.HasIce, media.OffersSrtp, media.ExtMaps);
        return media;
    }
}
