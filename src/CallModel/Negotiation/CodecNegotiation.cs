using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>
/// Codec lists of offers and answers as far as no transcoding is needed (RFC 3264 sections 5.1, 6.1). <c>mask</c> removes as <c>strip</c> does,
/// <c>accept</c> and <c>set</c> change nothing; what really needs transcoding is refused.
/// </summary>
public static class CodecNegotiation
{
    /// <summary>Makes the codec list toward the answerer (or a subscriber).</summary>
    /// <param name="source">The source's codecs in its order.</param>
    /// <param name="options">The request's <c>codec</c> lists.</param>
    /// <param name="flags">Flag allow-no-codec-media.</param>
    public static CodecOffer Offer(IReadOnlyList<SdpCodec> source, CodecOptions options, NgFlags flags = NgFlags.None)
    {
        var lists = new CodecLists(options);
        if (lists.NeedsTranscoding(source))
        {
            return new CodecOffer { Refusal = CodecRefusals.Transcode };
        }

        var offered = new List<SdpCodec>();
        var kept = new List<SdpCodec>();
        foreach (var codec in source)
        {
            if (!lists.Ignores(codec))
            {
                offered.Add(codec);
            }

            if (!lists.Removes(codec))
            {
                kept.Add(codec);
            }
        }

        if (lists.RemovesAll)
        {
            AddSupplemental(kept, source, lists);
        }

        if (kept.Exists(c => !c.IsSupplemental) || source.Count == 0)
        {
            return new CodecOffer { Printed = MoveToFront(kept, lists.Offer), Offered = offered };
        }

        // Taking everything away is a mistake of the request: the peer then leaves the list as it was.
        return flags.HasFlag(NgFlags.AllowNoCodecMedia)
            ? new CodecOffer { Offered = offered, Rejected = true }
            : new CodecOffer { Printed = source, Offered = offered };
    }

    /// <summary>Makes the codec list toward the offerer and the payload type maps between both sides.</summary>
    public static CodecAnswer Answer(CodecAnswerInput input)
    {
        var pairs = Pair(input);
        var printed = Reused(input) ?? pairs.ConvertAll(p => p.Answered with { PayloadType = p.Offered.PayloadType });
        if (input.Flags.HasFlag(NgFlags.SingleCodec))
        {
            printed = Single(printed);
        }

        var (to, from) = Maps(pairs, input);
        if (printed.Exists(c => !c.IsSupplemental) || input.Offered.Count == 0)
        {
            return new CodecAnswer { Printed = printed, ToAnswerer = to, ToOfferer = from };
        }

        if (input.Flags.HasFlag(NgFlags.AllowNoCodecMedia))
        {
            return new CodecAnswer { Rejected = true };
        }

        return new CodecAnswer { Printed = [FirstMain(input.Offered)], ToAnswerer = to, ToOfferer = from };
    }

    /// <summary>Whether a subscriber's or answerer's list has a main codec that we offered it.</summary>
    public static bool HaveCommonCodec(IReadOnlyList<SdpCodec> printed, IReadOnlyList<SdpCodec> answered)
    {
        foreach (var codec in answered)
        {
            if (codec is { IsSupplemental: false, RepairedType: < 0 } && Find(printed, codec) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Finds the codec of a list that another side's codec stands for: same payload type and encoding, else same encoding and parameters, else
    /// same encoding.
    /// </summary>
    public static SdpCodec? Find(IReadOnlyList<SdpCodec> list, SdpCodec wanted)
    {
        SdpCodec? sameEncoding = null;
        SdpCodec? sameParameters = null;
        foreach (var codec in list)
        {
            if (!codec.SameEncoding(wanted))
            {
                continue;
            }

            if (codec.PayloadType == wanted.PayloadType)
            {
                return codec;
            }

            sameEncoding ??= codec;
            if (sameParameters is null && codec.FormatParameters.SequenceEqual(wanted.FormatParameters))
            {
                sameParameters = codec;
            }
        }

        return sameParameters ?? sameEncoding;
    }

    // The offerer's order; each of its codecs with the answerer's codec that stands for it.
    private static List<(SdpCodec Offered, SdpCodec Answered)> Pair(CodecAnswerInput input)
    {
        var byOffered = new Dictionary<byte, SdpCodec>();
        foreach (var codec in input.Answered)
        {
            if (Find(input.Printed, codec) is { } printed)
            {
                byOffered.TryAdd(printed.PayloadType, codec);
            }
        }

        var pairs = new List<(SdpCodec, SdpCodec)>();
        foreach (var codec in input.Offered)
        {
            // Offers carry the source's payload types, so its number is the one we printed.
            if (byOffered.TryGetValue(codec.PayloadType, out var answered) && answered.SameEncoding(codec))
            {
                pairs.Add((codec, answered));
            }
        }

        return pairs;
    }

    private static (PayloadTypeMap[] ToAnswerer, PayloadTypeMap[] ToOfferer) Maps(
        List<(SdpCodec Offered, SdpCodec Answered)> pairs, CodecAnswerInput input)
    {
        var to = new List<PayloadTypeMap>();
        var from = new List<PayloadTypeMap>();
        foreach (var (offered, answered) in pairs)
        {
            if (offered.PayloadType == answered.PayloadType)
            {
                continue;
            }

            to.Add(new PayloadTypeMap(offered.PayloadType, answered.PayloadType));

            // RFC 3264 5.1: the answerer sends with our number; many send with their own. Both arrive unless the number has another meaning.
            if (!input.Printed.Any(c => c.PayloadType == answered.PayloadType))
            {
                from.Add(new PayloadTypeMap(answered.PayloadType, offered.PayloadType));
            }
        }

        return ([.. to], [.. from]);
    }

    private static List<SdpCodec>? Reused(CodecAnswerInput input)
    {
        if ((input.Flags & (NgFlags.ReuseCodecs | NgFlags.StaticCodecs)) == 0 || input.Previous.Count == 0)
        {
            return null;
        }

        var kept = new List<SdpCodec>();
        foreach (var codec in input.Previous)
        {
            if (Find(input.Offered, codec) is not null)
            {
                kept.Add(codec);
            }
        }

        return kept.Exists(c => !c.IsSupplemental) ? kept : null;
    }

    private static List<SdpCodec> Single(List<SdpCodec> codecs)
    {
        var result = new List<SdpCodec>(2);
        if (codecs.Find(c => !c.IsSupplemental) is { } main)
        {
            result.Add(main);
        }

        if (codecs.Find(c => c.Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase)) is { } events)
        {
            result.Add(events);
        }

        return result;
    }

    // telephone-event, CN and red survive "all" with the main codecs of their clock rate.
    private static void AddSupplemental(List<SdpCodec> kept, IReadOnlyList<SdpCodec> source, CodecLists lists)
    {
        foreach (var codec in source)
        {
            if (codec.IsSupplemental && !kept.Contains(codec) && !lists.RemovesByName(codec)
                && kept.Exists(c => !c.IsSupplemental && c.ClockRate == codec.ClockRate))
            {
                kept.Add(codec);
            }
        }
    }

    private static List<SdpCodec> MoveToFront(List<SdpCodec> codecs, List<CodecPattern> order)
    {
        var result = new List<SdpCodec>(codecs.Count);
        foreach (var pattern in order)
        {
            result.AddRange(codecs.FindAll(c => pattern.Matches(c, ignoreCase: true) && !result.Contains(c)));
        }

        result.AddRange(codecs.FindAll(c => !result.Contains(c)));
        return result;
    }

    private static SdpCodec FirstMain(IReadOnlyList<SdpCodec> codecs)
    {
        foreach (var codec in codecs)
        {
            if (!codec.IsSupplemental)
            {
                return codec;
            }
        }

        return codecs[0];
    }
}
