using System.Collections.Frozen;

namespace RtpCluster.Ng.Flags;

/// <summary>Every word of the <c>flags</c> list, under its normalised spelling.</summary>
internal static class FlagWords
{
    /// <summary>Words that set a switch of <see cref="NgFlags"/>, and the opposite they clear.</summary>
    private static readonly (string Words, NgFlags Set, NgFlags Clear)[] Switches =
    [
        ("all", NgFlags.All, 0),
        ("allow-asymmetric-codecs allow-asymmetric-codec", NgFlags.AllowAsymmetricCodecs, 0),
        ("allow-no-codec-media allow-empty-codec-media", NgFlags.AllowNoCodecMedia, 0),
        ("allow-transcoding", NgFlags.AllowTranscoding, 0),
        ("asymmetric", NgFlags.Asymmetric, 0),
        ("bidirectional", NgFlags.Bidirectional, 0),
        ("block-dtmf", NgFlags.BlockDtmf, 0),
        ("block-egress", NgFlags.BlockEgress, 0),
        ("block-short block-short-packets", NgFlags.BlockShort, 0),
        ("debug debugging", NgFlags.Debug, 0),
        ("directional", NgFlags.Directional, 0),
        ("early-media", NgFlags.EarlyMedia, 0),
        ("egress", NgFlags.Egress, 0),
        ("fatal", NgFlags.Fatal, 0),
        ("fast", NgFlags.Fast, 0),
        ("fragment", NgFlags.Fragment, 0),
        ("full-rtcp-attribute full-rtcp-attr", NgFlags.FullRtcpAttribute, 0),
        ("generate-mid", NgFlags.GenerateMid, 0),
        ("generate-rtcp", NgFlags.GenerateRtcp, 0),
        ("ice-reject reject-ice", NgFlags.RejectIce, 0),
        ("inactive", NgFlags.Inactive, 0),
        ("loop-protect", NgFlags.LoopProtect, 0),
        ("media-handover", NgFlags.MediaHandover, 0),
        ("mirror-rtcp rtcp-mirror", NgFlags.MirrorRtcp, 0),
        ("mix mixed", NgFlags.Mix, 0),
        ("nat-wait", NgFlags.NatWait, 0),
        ("new-branch", NgFlags.NewBranch, 0),
        ("no-codec-renegotiation reuse-codecs reuse-codec", NgFlags.ReuseCodecs, 0),
        ("passthrough", NgFlags.Passthrough, NgFlags.NoPassthrough),
        ("no-passthrough", NgFlags.NoPassthrough, NgFlags.Passthrough),
        ("port-latching", NgFlags.PortLatching, NgFlags.NoPortLatching),
        ("no-port-latching", NgFlags.NoPortLatching, NgFlags.PortLatching),
        ("no-redis-update", NgFlags.NoRedisUpdate, 0),
        ("no-rtcp-attribute no-rtcp-attr", NgFlags.NoRtcpAttribute, 0),
        ("no-tls-id", NgFlags.NoTlsId, 0),
        ("no-jitter-buffer", NgFlags.NoJitterBuffer, 0),
        ("original-sendrecv", NgFlags.OriginalSendrecv, 0),
        ("pad-crypto", NgFlags.PadCrypto, 0),
        ("pierce-nat", NgFlags.PierceNat, 0),
        ("provisional", NgFlags.Provisional, 0),
        ("recrypt", NgFlags.Recrypt, 0),
        ("reset", NgFlags.Reset, 0),
        ("single-codec", NgFlags.SingleCodec, 0),
        ("sip-source-address", NgFlags.SipSourceAddress, NgFlags.TrustAddress),
        ("siprec", NgFlags.Siprec, 0),
        ("static-codecs static-codec", NgFlags.StaticCodecs, 0),
        ("strict-source", NgFlags.StrictSource, 0),
        ("strip-extmap", NgFlags.StripExtmap, 0),
        ("trickle-ice", NgFlags.TrickleIce, 0),
        ("trust-address", NgFlags.TrustAddress, NgFlags.SipSourceAddress),
        ("unidirectional", NgFlags.Unidirectional, 0),
        ("unsubscribe", NgFlags.Unsubscribe, 0),
    ];

    /// <summary>Accepted without effect, as in the peer.</summary>
    private const string NoEffect = "asymmetric-codecs symmetric-codecs reorder-codecs symmetric";

    /// <summary>Known, and served by later parts of the product.</summary>
    private const string Unserved =
        "audio-player no-player detect-dtmf discard-recording exclude-recording force-transcoding inject-dtmf record-call recording-vsc "
        + "recording-announcement skip-recording-db pause";

    /// <summary>The table.</summary>
    public static readonly FrozenDictionary<string, WordSetter> ByName = Build().ToFrozenDictionary();

    /// <summary>Bare words that mean something in flag strings only: transport shorthand and interface names.</summary>
    public static readonly FrozenDictionary<string, WordSetter> OnlyInFlagStrings = BuildOnlyInFlagStrings().ToFrozenDictionary();

    private static Dictionary<string, WordSetter> Build()
    {
        var table = new Dictionary<string, WordSetter>
        {
            ["to-tag"] = (context, _) => context.Command.HonourToTag = true,
            ["always-transcode"] = (context, _) =>
            {
                context.Command.Codec.Accept.Add("all");
                context.Unserved("always-transcode");
            },
            ["webrtc"] = (context, _) => WebRtc(context),
        };
        foreach (var (words, set, clear) in Switches)
        {
            foreach (string word in words.Split(' '))
            {
                table.Add(word, (context, _) => context.Command.Flags = (context.Command.Flags & ~clear) | set);
            }
        }

        foreach (string word in NoEffect.Split(' '))
        {
            table.Add(word, (_, _) => { });
        }

        foreach (string word in Unserved.Split(' '))
        {
            table.Add(word, (context, _) => context.Unserved(word));
        }

        return table;
    }

    private static Dictionary<string, WordSetter> BuildOnlyInFlagStrings()
    {
        var table = new Dictionary<string, WordSetter>
        {
            ["rtp"] = (context, _) => Shorthand(context, TransportShorthand.ClearSrtp, TransportShorthand.SetSrtp),
            ["srtp"] = (context, _) => Shorthand(context, TransportShorthand.SetSrtp, TransportShorthand.ClearSrtp),
            ["avp"] = (context, _) => Shorthand(context, TransportShorthand.ClearFeedback, TransportShorthand.SetFeedback),
            ["avpf"] = (context, _) => Shorthand(context, TransportShorthand.SetFeedback, TransportShorthand.ClearFeedback),
            ["dtls"] = (context, _) => Shorthand(context, TransportShorthand.SetDtls, TransportShorthand.None),
            ["internal"] = KeyTable.AddInterface,
            ["external"] = KeyTable.AddInterface,
        };
        foreach (string name in (string[])["RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"])
        {
            table.Add(WordForm.Normalise(name), (context, _) => context.Command.TransportProtocol = name);
        }

        return table;
    }

    private static void Shorthand(FlagContext context, TransportShorthand set, TransportShorthand clear) =>
        context.Command.TransportChange = (context.Command.TransportChange & ~clear) | set;

    /// <summary>The preset that stands for what a browser wants.</summary>
    private static void WebRtc(FlagContext context)
    {
        var command = context.Command;
        command.TransportProtocol = "UDP/TLS/RTP/SAVPF";
        command.Ice = IceOption.Force;
        command.RtcpMux |= RtcpMuxFlags.Offer | RtcpMuxFlags.Require;
        command.Flags |= NgFlags.WebRtc | NgFlags.TrickleIce | NgFlags.NoRtcpAttribute | NgFlags.GenerateMid;
        command.Sdes.Off = true;
        command.Bundle |= BundleFlags.Offer | BundleFlags.Require;
    }
}
