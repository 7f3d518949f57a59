using System.Collections.Frozen;
using RtpCluster.Contracts;

namespace RtpCluster.Ng.Flags;

/// <summary>Every key of a request, under its normalised spelling, and what it sets. The values' words are in <see cref="WordTables"/>.</summary>
internal static class KeyTable
{
    /// <summary>Keys served by later parts of the product.</summary>
    private const string Unserved =
        "audio-player player alias blob blob64 file db-id calls tags code digit duration pause volume "
        + "dtmf-delay dtmf-security dtmf-security-trigger dtmf-security-trigger-end dtmf-log-dest delay-buffer frequency frequencies "
        + "instance media medias moh output-destination recording-file recording-path recording-dir recording-folder recording-pattern "
        + "recording-media-slot-offer recording-media-slot-answer recording-media-slots recording-media-slots-offer recording-media-slots-answer "
        + "peer inbound-peer outbound-peer repeat-times repeat-duration start-pos source-tag source-call-id trigger trigger-end "
        + "trigger-end-time trigger-end-digits vsc-start-rec vsc-stop-rec vsc-start-stop-rec vsc-pause-rec vsc-pause-resume-rec "
        + "vsc-start-pause-resume-rec repacketize t.38-version t38-version";

    /// <summary>The table.</summary>
    public static readonly FrozenDictionary<string, KeySetter> ByName = Build().ToFrozenDictionary();

    /// <summary>Keys that mean more in a flag string than in the request's dictionary: there the operator wrote them on purpose.</summary>
    public static readonly FrozenDictionary<string, KeySetter> OnlyInFlagStrings = new Dictionary<string, KeySetter>
    {
        ["to-tag"] = Text((command, text) =>
        {
            command.ToTag = text;
            command.HonourToTag = true;
        }),
        ["from-tag"] = Text((command, text) =>
        {
            command.FromTag = text;
            command.Flags |= NgFlags.Directional;
        }),
    }.ToFrozenDictionary();

    /// <summary>The first interface named is the one toward the sender, the second the one toward the receiver.</summary>
    public static void AddInterface(FlagContext context, string name)
    {
        if (context.Command.FromInterface is null)
        {
            context.Command.FromInterface = name;
        }
        else
        {
            context.Command.ToInterface = name;
        }
    }

    /// <summary>Notes an SDP attribute manipulation; <c>none</c> and <c>global</c> are the session level.</summary>
    public static bool TryAddSdpAttr(NgCommand command, string media, string operation, string value)
    {
        int arrow = value.IndexOf('>');
        switch (operation)
        {
            case "add":
                SdpAttr(command, media).Add.Add(value);
                return true;
            case "remove":
                SdpAttr(command, media).Remove.Add(value);
                return true;
            case "substitute" when arrow > 0:
                SdpAttr(command, media).Substitute.Add(new(value[..arrow], value[(arrow + 1)..]));
                return true;
            default:
                return false;
        }
    }

    private static Dictionary<string, KeySetter> Build()
    {
        var table = new Dictionary<string, KeySetter>();
        AddDialogue(table);
        AddNetwork(table);
        AddMedia(table);
        foreach (var (key, words) in WordTables.ByKey)
        {
            table.Add(key, Words((context, word) => ApplyWord(context, key, words, word)));
        }

        foreach (string key in Unserved.Split(' '))
        {
            table.Add(key, (context, _) => context.Unserved(key));
        }

        return table;
    }

    private static void AddDialogue(Dictionary<string, KeySetter> table)
    {
        table["command"] = (_, _) => { };
        table["call-id"] = table["callid"] = Text((command, text) => command.CallId = text);
        table["from-tag"] = Text((command, text) => command.FromTag = text);
        table["from-tags"] = Words((context, word) => context.Command.FromTags.Add(word));
        table["to-tag"] = Text((command, text) => command.ToTag = text);
        table["to-call-id"] = Text((command, text) => command.ToCallId = text);
        table["via-branch"] = Text((command, text) => command.ViaBranch = text);
        table["label"] = table["from-label"] = table["set-label"] = Text((command, text) => command.Label = text);
        table["to-label"] = Text((command, text) => command.ToLabel = text);
        table["rid"] = Text((command, text) => command.Rid = text);
        table["layer"] = Number("layer", (command, number) => command.Layer = number);
        table["address"] = Text((command, text) => command.Address = text);
        table["sdp"] = Text((command, text) => command.Sdp = text);
        table["body"] = Text((command, text) => command.Body = text);
        table["metadata"] = Text((command, text) => command.Metadata = text);
        table["xmlrpc-callback"] = Text((command, text) => command.XmlrpcCallback = text);
        table["sip-code"] = Number("sip-code", (command, number) => command.SipCode = number);
        table["limit"] = Number("limit", (command, number) => command.Limit = number);
        table["dtls-fingerprint"] = Text((command, text) => command.DtlsFingerprint = text.ToLowerInvariant());
        table["delete-delay"] = Number("delete-delay", (command, number) => command.DeleteDelay = number);
        table["flags"] = Words(FlagApplier.Word);
        table["rtpp-flags"] = (context, value) =>
        {
            context.HasFlagString = true;
            FlagApplier.String(context, ValueForm.Text(value) ?? string.Join(' ', ValueForm.Words(value)));
        };
        table["template"] = (context, value) =>
        {
            if (ValueForm.Text(value) is { } name && !FlagApplier.Template(context, name))
            {
                context.Unknown("template", name);
            }
        };
    }

    private static void AddNetwork(Dictionary<string, KeySetter> table)
    {
        table["received-from"] = Words((context, word) =>
        {
            // ["IP4", "192.0.2.1"], or the address alone.
            if (IpAddress.TryParse(word, out var address))
            {
                context.Command.ReceivedFrom = address;
            }
            else if (WordForm.Normalise(word) is not ("ip4" or "ip6" or "inet" or "inet6"))
            {
                context.Unknown("received-from", word);
            }
        });
        table["media-address"] = (context, value) =>
        {
            if (ValueForm.Text(value) is { } text && IpAddress.TryParse(text, out var address))
            {
                context.Command.MediaAddress = address;
            }
            else
            {
                context.Unknown("media-address", ValueForm.Text(value) ?? string.Empty);
            }
        };
        table["direction"] = (context, value) =>
        {
            var names = ValueForm.Words(value).ToArray();
            if (names.Length >= 2)
            {
                (context.Command.FromInterface, context.Command.ToInterface) = (names[0], names[1]);
            }
            else if (names.Length == 1)
            {
                AddInterface(context, names[0]);
            }
        };
        table["from-interface"] = Text((command, text) => command.FromInterface = text);
        table["to-interface"] = Text((command, text) => command.ToInterface = text);
        table["interface"] = Text((command, text) => command.FromInterface = command.ToInterface = text);
        // 256 asks for the option's value, a negative number for no change.
        table["tos"] = Number("tos", (command, number) => command.Tos = number is < 0 or > 256 ? null : number);
    }

    private static void AddMedia(Dictionary<string, KeySetter> table)
    {
        table["transport-protocol"] = Text((command, text) => command.TransportProtocol = text);
        table["ptime"] = Number("ptime", (command, number) => command.Ptime = number);
        table["ptime-reverse"] = Number("ptime-reverse", (command, number) => command.PtimeReverse = number);
        table["media-echo"] = Text((command, text) => command.MediaEcho = text);
        table["sdp-media-remove"] = Words((context, word) => context.Command.SdpMediaRemove.Add(word));
        table["t.38"] = table["t38"] = Words((context, word) => context.Command.T38.Add(WordForm.Normalise(word)));
        table["sdes"] = Words(SdesWords.Apply);
        table["codec"] = Prefixed("codec");
        table["extmap"] = Prefixed("extmap");
        table["sdp-attr"] = SetSdpAttr;
        table["generate-rtcp"] = Switch("generate-rtcp", NgFlags.GenerateRtcp, NgFlags.None);
        table["passthrough"] = Switch("passthrough", NgFlags.Passthrough, NgFlags.NoPassthrough);
        table["record-call"] = (context, value) =>
        {
            if (ValueForm.Switch(value) != false)
            {
                context.Unserved("record-call");
            }
        };
    }

    /// <summary>A dictionary of lists, each element read as the word <c>key-operation-element</c>; or a list of <c>operation-element</c>.</summary>
    private static KeySetter Prefixed(string key) => (context, value) =>
    {
        if (value is not NgDictionary dictionary)
        {
            foreach (string word in ValueForm.Words(value))
            {
                FlagApplier.Word(context, $"{key}-{word}");
            }

            return;
        }

        context.IsVerbatim = true;
        foreach (var (operation, words) in dictionary.Entries)
        {
            foreach (string word in ValueForm.Words(words))
            {
                if (!PrefixTable.TryApply(context, $"{key}-{operation}-{word}"))
                {
                    context.Unknown(key, operation);
                }
            }
        }

        context.IsVerbatim = false;
    };

    private static void SetSdpAttr(FlagContext context, NgValue value)
    {
        foreach (var (media, operations) in value is NgDictionary byMedia ? byMedia.Entries : [])
        {
            foreach (var (operation, values) in operations is NgDictionary byOperation ? byOperation.Entries : [])
            {
                string name = WordForm.Normalise(operation);
                foreach (string? text in values is NgList list ? list.Items.Select(AttributeText) : [AttributeText(values)])
                {
                    if (text is null || !TryAddSdpAttr(context.Command, media, name, text))
                    {
                        context.Unknown("sdp-attr", $"{media}-{operation}");
                    }
                }
            }
        }
    }

    /// <summary>An attribute as one text; a pair of texts (substitute) as <c>from&gt;to</c>. Commas stay: attribute values have them.</summary>
    private static string? AttributeText(NgValue value) => value switch
    {
        NgList { Items: [NgString from, NgString to] } => $"{from.Text}>{to.Text}",
        NgDictionary { Entries: [var (name, inner)] } => $"{name}={ValueForm.Text(inner)}",
        _ => ValueForm.Text(value),
    };

    private static SdpAttrOptions SdpAttr(NgCommand command, string media)
    {
        string key = WordForm.Normalise(media) is "none" or "global" or "session" ? "global" : media;
        if (!command.SdpAttr.TryGetValue(key, out var options))
        {
            command.SdpAttr.Add(key, options = new SdpAttrOptions());
        }

        return options;
    }

    private static void ApplyWord(FlagContext context, string key, FrozenDictionary<string, Action<NgCommand>?> words, string word)
    {
        if (!words.TryGetValue(WordForm.Normalise(word), out var set))
        {
            context.Unknown(key, word);
        }
        else if (set is null)
        {
            context.Unserved(key);
        }
        else
        {
            set(context.Command);
        }
    }

    private static KeySetter Text(Action<NgCommand, string> set) => (context, value) =>
    {
        if (ValueForm.Text(value) is { } text)
        {
            set(context.Command, text);
        }
    };

    private static KeySetter Words(WordSetter set) => (context, value) =>
    {
        foreach (string word in ValueForm.Words(value))
        {
            set(context, word);
        }
    };

    private static KeySetter Number(string key, Action<NgCommand, int> set) => (context, value) =>
    {
        if (ValueForm.TryNumber(value, out long number) && number is >= int.MinValue and <= int.MaxValue)
        {
            set(context.Command, (int)number);
        }
        else
        {
            context.Unknown(key, ValueForm.Text(value) ?? string.Empty);
        }
    };

    private static KeySetter Switch(string key, NgFlags on, NgFlags off) => (context, value) =>
    {
        if (ValueForm.Switch(value) is { } wanted)
        {
            context.Command.Flags = (context.Command.Flags & ~(on | off)) | (wanted ? on : off);
        }
        else
        {
            context.Unknown(key, ValueForm.Text(value) ?? string.Empty);
        }
    };
}
