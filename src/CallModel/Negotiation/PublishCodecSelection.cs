using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>Which codec a publisher sends: we accept one per media.</summary>
public static class PublishCodecSelection
{
    /// <summary>What can be decoded and encoded: taken when the request has no list. The order of the offer decides.</summary>
    private static readonly HashSet<string> _usable = new(StringComparer.OrdinalIgnoreCase)
    {
        "PCMU", "PCMA", "G722", "G723", "G726-16", "G726-24", "G726-32", "G726-40", "G729", "G729a", "GSM", "iLBC", "L16", "X-L16",
        "opus", "speex", "AMR", "AMR-WB",
    };

    /// <summary>Chooses the codec and the supplemental ones of its clock rate; empty: none fits (<see cref="CodecRefusals.NoPublishCodec"/>).</summary>
    /// <param name="offered">The publisher's codecs in its order.</param>
    /// <param name="accept">The <c>codec.accept</c> list: the first entry that was offered wins; "any" and "all" take the first offered one.</param>
    public static IReadOnlyList<SdpCodec> Choose(IReadOnlyList<SdpCodec> offered, IReadOnlyList<string> accept)
    {
        var main = FirstAccepted(offered, CodecPattern.ReadAll(accept)) ?? First(offered, c => _usable.Contains(c.Name));
        if (main is null)
        {
            return [];
        }

        var chosen = new List<SdpCodec> { main };
        foreach (var codec in offered)
        {
            if (codec.IsSupplemental && codec.ClockRate == main.ClockRate)
            {
                chosen.Add(codec);
            }
        }

        return chosen;
    }

    private static SdpCodec? FirstAccepted(IReadOnlyList<SdpCodec> offered, List<CodecPattern> accept)
    {
        foreach (var pattern in accept)
        {
            if (First(offered, c => pattern.IsAll || pattern.Matches(c, ignoreCase: true)) is { } codec)
            {
                return codec;
            }
        }

        return null;
    }

    private static SdpCodec? First(IReadOnlyList<SdpCodec> codecs, Predicate<SdpCodec> wanted)
    {
        foreach (var codec in codecs)
        {
            if (codec is { IsSupplemental: false, RepairedType: < 0 } && wanted(codec))
            {
                return codec;
            }
        }

        return null;
    }
}
