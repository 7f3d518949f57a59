using RtpCluster.Ng;
using RtpCluster.Ng.Bencode;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Fuzz.Targets;

/// <summary>The ng protocol from bytes to commands.</summary>
internal static class NgTargets
{
    private static readonly NgTemplates Templates = new(new Dictionary<string, string>
    {
        ["default"] = "codec-strip-x template=offer",
        ["offer"] = "template=default SDES-off",
    });

    /// <summary>Flag strings.</summary>
    public static byte[][] FlagStrings { get; } = Corpus.Tokens(
        "replace-origin replace-session-connection ICE=remove RTP/AVP via-branch=auto trust-address to-tag",
        "codec=[strip=[PCMU opus/48000/2] mask=all] sdp-attr=[audio=[add=[x:1] substitute=[[a b] [c d]]]] direction=pub direction=priv",
        "SDES-order:AES_CM_128_HMAC_SHA1_80;AEAD_AES_128_GCM SDES-no-F8_128_HMAC_SHA1_80 transcode-PCMA codec-set-opus/48000/2////stereo--1 SRTP AVPF",
        "sdp-attr-substitute-audio-sendrecv>sendonly from-tag=x to-tag=y delete-delay=0 T38-decode OSRTP-offer rtcp-mux-demux endpoint-learning-off");

    /// <summary>The payload of a datagram.</summary>
    public static byte[] Payload(byte[] datagram) => CookieFrame.TrySplit(datagram, out _, out var payload) ? payload.ToArray() : [];

    /// <summary>Cookie split and stream framing: what is framed as complete lies within the input.</summary>
    public static void Frame(byte[] input)
    {
        if (!CookieFrame.TrySplit(input, out string cookie, out var payload))
        {
            return;
        }

        FuzzFailure.Unless(CookieFrame.Join(cookie, payload).AsSpan().SequenceEqual(input), "split and join differ");
        if (BencodeFraming.TryFrame(payload, out int length) == BencodeFrame.Complete)
        {
            FuzzFailure.Unless(length > 0 && length <= payload.Length, $"framed {length} of {payload.Length} bytes");
            NgCodec.TryDecode(payload[..length], out _, out _, out _);
        }
    }

    /// <summary>Decode, parse, encode: what decodes survives a round trip.</summary>
    public static void Command(byte[] payload)
    {
        if (!NgCodec.TryDecode(payload, out var dictionary, out var format, out string error))
        {
            FuzzFailure.Unless(error.Length > 0, "refused without a reason");
            return;
        }

        NgCommandParser.TryParse(dictionary, Templates, out _, out _);
        var encoded = NgCodec.Encode(dictionary, format);
        FuzzFailure.Unless(NgCodec.TryDecode(encoded, out var again, out _, out _), "what we encode does not decode");
        FuzzFailure.Unless(NgCodec.Encode(again, format).AsSpan().SequenceEqual(encoded), "a round trip changes the message");
    }

    /// <summary>The input as rtpp-flags of an offer.</summary>
    public static void Flags(byte[] input)
    {
        var dictionary = new NgDictionary().Add("command", "offer").Add("rtpp-flags", NgCodec.FromBytes(input));
        FuzzFailure.Unless(NgCommandParser.TryParse(dictionary, Templates, out _, out _), "flags must never fail a command");
    }
}
