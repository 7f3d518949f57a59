namespace RtpCluster.Ng.Flags;

/// <summary>Words that carry their value behind a prefix, such as <c>codec-strip-PCMU</c> or <c>replace-origin</c>. The first match wins.</summary>
internal static class PrefixTable
{
    private static readonly (string Prefix, WordSetter Set)[] Rows =
    [
        ("codec-transcode-", (context, word) => CodecTranscode(context, word)),
        ("transcode-", (context, word) => CodecTranscode(context, word)),
        ("codec-strip-", (context, word) => context.Command.Codec.Strip.Add(Unescape(context, word))),
        ("codec-offer-", (context, word) => context.Command.Codec.Offer.Add(Unescape(context, word))),
        ("codec-mask-", (context, word) => context.Command.Codec.Mask.Add(Unescape(context, word))),
        ("codec-set-", (context, word) => context.Command.Codec.Set.Add(Unescape(context, word))),
        ("codec-accept-", (context, word) => context.Command.Codec.Accept.Add(Unescape(context, word))),
        ("codec-except-", (context, word) => context.Command.Codec.Except.Add(Unescape(context, word))),
        ("codec-consume-", (context, word) => context.Command.Codec.Consume.Add(Unescape(context, word))),
        ("codec-ignore-", (context, word) => context.Command.Codec.Ignore.Add(Unescape(context, word))),
        ("extmap-strip-", (context, word) => context.Command.ExtmapStrip.Add(word)),
        ("extmap-mask-", (context, word) => context.Command.ExtmapMask.Add(word)),
        ("replace-", ForwardTo("replace")),
        ("sdes-", ForwardTo("sdes")),
        ("rtcp-mux-", ForwardTo("rtcp-mux")),
        ("t38-", ForwardTo("t.38")),
        ("t.38-", ForwardTo("t.38")),
        ("osrtp-", ForwardTo("osrtp")),
        ("bundle-", ForwardTo("bundle")),
        ("endpoint-learning-", ForwardTo("endpoint-learning")),
        ("rid-", (context, word) => context.Command.Rid = word),
        ("layer-", (context, word) => KeyTable.ByName["layer"](context, new NgString(word))),
        ("from-tags-", (context, word) => context.Command.FromTags.Add(word)),
        ("sdp-media-remove-", (context, word) => context.Command.SdpMediaRemove.Add(word)),
        ("sdp-attr-add-", (context, word) => SdpAttrWord(context, "add", word)),
        ("sdp-attr-remove-", (context, word) => SdpAttrWord(context, "remove", word)),
        ("sdp-attr-substitute-", (context, word) => SdpAttrWord(context, "substitute", word)),
    ];

    /// <summary>Applies the word when it starts with a known prefix and says something behind it.</summary>
    public static bool TryApply(FlagContext context, string word)
    {
        string folded = WordForm.Normalise(word);
        foreach (var (prefix, set) in Rows)
        {
            if (folded.Length > prefix.Length && folded.StartsWith(prefix, StringComparison.Ordinal))
            {
                set(context, word[prefix.Length..]);
                return true;
            }
        }

        return false;
    }

    /// <summary>In words, <c>--</c> stands for '=' and <c>..</c> for a space; list elements of a dictionary are verbatim.</summary>
    private static string Unescape(FlagContext context, string word) =>
        context.IsVerbatim ? word : word.Replace("--", "=", StringComparison.Ordinal).Replace("..", " ", StringComparison.Ordinal);

    private static WordSetter ForwardTo(string key) => (context, word) => KeyTable.ByName[key](context, new NgList([new NgString(word)]));

    private static void CodecTranscode(FlagContext context, string word)
    {
        context.Command.Codec.Transcode.Add(Unescape(context, word));
        context.Unserved("transcode");
    }

    /// <summary><c>MEDIA-value</c>; substitute has <c>from&gt;to</c> as its value.</summary>
    private static void SdpAttrWord(FlagContext context, string operation, string word)
    {
        int dash = word.IndexOf('-');
        if (dash <= 0 || !KeyTable.TryAddSdpAttr(context.Command, word[..dash], operation, Unescape(context, word[(dash + 1)..])))
        {
            context.Unknown("sdp-attr", word);
        }
    }
}
