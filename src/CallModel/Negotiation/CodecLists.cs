using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>The <c>codec</c> lists of a request, read once, and the questions an offer asks of them.</summary>
internal sealed class CodecLists(CodecOptions options)
{
    private readonly List<CodecPattern> _remove = [.. CodecPattern.ReadAll(options.Strip), .. CodecPattern.ReadAll(options.Mask)];
    private readonly List<CodecPattern> _consume = CodecPattern.ReadAll(options.Consume);
    private readonly List<CodecPattern> _except = CodecPattern.ReadAll(options.Except);
    private readonly List<CodecPattern> _ignore = CodecPattern.ReadAll(options.Ignore);
    private readonly List<CodecPattern> _transcode = CodecPattern.ReadAll(options.Transcode);

    /// <summary><c>offer</c>: kept as by <c>except</c>, and first.</summary>
    public List<CodecPattern> Offer { get; } = CodecPattern.ReadAll(options.Offer);

    /// <summary>strip or mask has "all" or "full".</summary>
    public bool RemovesAll => _remove.Exists(p => p.IsAll);

    /// <summary>The codec does not count as offered by its source.</summary>
    public bool Ignores(SdpCodec codec) => _ignore.Exists(p => p.IsAll || p.Matches(codec, ignoreCase: false));

    /// <summary>strip or mask names the codec.</summary>
    public bool RemovesByName(SdpCodec codec) => _remove.Exists(p => p.Matches(codec, ignoreCase: false));

    /// <summary>The codec is not printed to the other side.</summary>
    public bool Removes(SdpCodec codec) =>
        RemovesByName(codec) || (RemovesAll && !Matches(_except, codec) && !Matches(Offer, codec) && !RestoredByTranscode(codec));

    /// <summary>The lists ask for something that only transcoding can do with these codecs.</summary>
    public bool NeedsTranscoding(IReadOnlyList<SdpCodec> source)
    {
        foreach (var pattern in _transcode)
        {
            // A codec that is there and stays (or comes back after "all") needs no transcoding; one removed by name or by "full" does.
            if (!source.Any(c => pattern.Matches(c, ignoreCase: true) && !RemovesByName(c) && !_remove.Exists(p => p.IsFull)))
            {
                return true;
            }
        }

        return source.Any(c => _consume.Exists(p => p.IsAll ? !c.IsSupplemental : p.Matches(c, ignoreCase: false)));
    }

    private bool RestoredByTranscode(SdpCodec codec) => Matches(_transcode, codec);

    private static bool Matches(List<CodecPattern> patterns, SdpCodec codec) =>
        patterns.Exists(p => p.Matches(codec, ignoreCase: true));
}
