using RtpCluster.Fuzz.Targets;

namespace RtpCluster.Fuzz;

/// <summary>Every target.</summary>
internal static class TargetTable
{
    private static readonly byte[][] SdpTokens = Corpus.Tokens(
        "\r\n", "a=", "m=", "c=IN IP4 ", "c=IN IP6 ::1\r\n", "a=rtpmap:", "a=fmtp:", "a=crypto:", "inline:", "a=candidate:", "a=mid:", "a=extmap:",
        "a=sendonly\r\n", "a=rtcp-mux\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=video 1 RTP/SAVPF 96\r\n", "v=0\r\n", "/", ":", "|", "=", " ");

    private static readonly byte[][] FlagTokens = Corpus.Tokens(
        " codec-strip-", " SDES-order:", " SDES=[", "] ", "=[", " [", " sdp-attr-add-audio-", " sdp-attr=[", " to-tag=", " direction=", " WebRTC ",
        " RTP/SAVP ", "..", "--", " template=default ", ">", "-", "_");

    private static readonly byte[][] BencodeTokens = Corpus.Tokens(
        "d", "l", "e", "i1e", "i-", "0:", "5:offer", "7:command", "6:answer", "5:flags", "5:codec", "3:sdp", "8:sdp-attr", "10:rtpp-flags", "999999999:");

    private static readonly byte[][] JsonTokens = Corpus.Tokens(
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "1e999", "\n", "\0", "\"codec\":", "\"flags\":[");

    /// <summary>In the order they run.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("frame", Corpus.Kamailio, BencodeTokens, NgTargets.Frame),
        new("bencode", [.. Corpus.Kamailio.Select(NgTargets.Payload)], BencodeTokens, NgTargets.Command),
        new("json", Corpus.Json, JsonTokens, NgTargets.Command),
        new("flags", NgTargets.FlagStrings, FlagTokens, NgTargets.Flags),
        new("sdp", Corpus.Sdp, SdpTokens, SdpTargets.Body),
        new("call", Corpus.Sdp, SdpTokens, CallTargets.Dialogue),
        new("rtp", Corpus.Rtp, [], MediaTargets.Rtp),
        new("rtcp", Corpus.Rtcp, [], MediaTargets.Rtcp),
        new("srtp", Corpus.Rtp, [], MediaTargets.Srtp),
        new("srtcp", Corpus.Rtcp, [], MediaTargets.Srtcp),
        new("rtx", RepairTargets.Corpus, [], RepairTargets.Packet),
        new("stun", TransportTargets.StunCorpus, [], TransportTargets.Stun),
        new("dtls", TransportTargets.DtlsCorpus, [], TransportTargets.Dtls),
        new("transport", [.. TransportTargets.StunCorpus, .. TransportTargets.DtlsCorpus], [], StrangerTargets.Packet),
        new("netlink", KernelTargets.Corpus, [], KernelTargets.Message),
        new("engine", [.. Corpus.Rtp, .. Corpus.Rtcp], [], EngineTargets.Packet),
        new("config", Corpus.Config, Corpus.Tokens("\n", "[", "]", "=", ";", "!", "/", "interface=", "listen-ng=", "no-such="), OptionTargets.File),
        new("options", OptionTargets.CommandLines, Corpus.Tokens(" --", " -", "=", " ", "-t", "--interface=", "--listen-ng", ";"), OptionTargets.CommandLine),
    ];
}
