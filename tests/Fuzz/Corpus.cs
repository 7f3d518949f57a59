using System.Text;
using System.Text.Json;

namespace RtpCluster.Fuzz;

/// <summary>Valid inputs, recorded from real clients or written by hand.</summary>
internal static class Corpus
{
    /// <summary>Datagrams of a real Kamailio, with cookie.</summary>
    public static byte[][] Kamailio { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "kamailio.jsonl"))
            .Select(line => Bytes(JsonDocument.Parse(line).RootElement.GetProperty("raw").GetString()!)),
    ];

    /// <summary>JSON requests.</summary>
    public static byte[][] Json { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", "json")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Session descriptions.</summary>
    public static byte[][] Sdp { get; } =
    [
        Lines("v=0", "o=a 1 2 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "m=audio 6000 RTP/AVP 8 0 101", "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv"),
        Lines("v=0", "o=- 3 3 IN IP6 2001:db8::1", "s=x", "t=0 0", "a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", "a=candidate:1 1 udp 2130706431 192.0.2.9 5000 typ host",
            "a=fingerprint:sha-256 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99", "a=setup:actpass",
            "a=mid:0", "a=extmap:1/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2",
            "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1", "m=video 9/2 UDP/TLS/RTP/SAVPF 96", "a=mid:1", "a=rtpmap:96 VP8/90000",
            "a=bundle-only", "a=inactive"),
        Lines("v=0", "o=- 4 4 IN IP4 198.51.100.1", "s=-", "c=IN IP4 198.51.100.1", "t=0 0", "m=audio 7000 RTP/SAVP 8 9",
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:6GZobRxGnkzdqrdaIDATLhUXZGSxF7IGZ9j3jvzv|2^31|1:4 UNENCRYPTED_SRTCP",
            "a=crypto:2 AEAD_AES_128_GCM inline:6GZobRxGnkzdqrdaIDATLhUXZGSxF7IGZ9j3jvzvAA==", "a=rtcp:7001", "a=label:A", "a=sendonly",
            "m=image 0 udptl t38", "a=T38FaxVersion:0"),
    ];

    /// <summary>RTP packets: plain, with CSRCs, with both kinds of header extension, padded.</summary>
    public static byte[][] Rtp { get; } =
    [
        Hex("8008000100000002a1b2c3d4" + new string('5', 320)),
        Hex("82e0ffff00000002a1b2c3d40000000100000002" + new string('d', 64)),
        Hex("90600010000000030000000abede0002100051aa3200ff00" + "0102030405060708"),
        Hex("b0600010000000030000000a100000011003aabb" + "0102030405060004"),
    ];

    /// <summary>RTCP compounds: SR+SDES, RR+BYE, feedback, APP, XR.</summary>
    public static byte[][] Rtcp { get; } =
    [
        Hex("81c8000ca1b2c3d4e1e2e3e4000000000000aaaa0000000100000064" + "b1b2b3b40100000200010003000000040000000500000006" + "81ca0003a1b2c3d40103616263000000"),
        Hex("80c90001a1b2c3d4" + "81cb0002a1b2c3d40362796500" + "000000"),
        Hex("81cd0003a1b2c3d4b1b2b3b400010000" + "81ce0002a1b2c3d4b1b2b3b4" + "80cc0003a1b2c3d4616263640a0b0c0d"),
        Hex("80cf0009a1b2c3d4" + "04000002e1e2e3e400000000" + "05000003b1b2b3b40000000100000002" + "0000000000000000"),
    ];

    /// <summary>Configuration files.</summary>
    public static byte[][] Config { get; } =
    [
        Bytes("[rtpengine]\ninterface = int/192.0.2.1!198.51.100.1;ext/2001:db8::1\nlisten-ng = 127.0.0.1:2223\ntimeout=60\nport-min = 30000\n"
            + "port-max=40000\ntemplates = t\n# comment\nlog-level = 6\n[t]\ndefault = ICE=remove replace-origin\noffer=codec=[strip=[a b]]\n"),
        Bytes("[rtpcluster]\ntable = -1\nmax-sessions=100\nendpoint-learning=delayed\nlisten-cli=9901\nmos=LQ\ntos=184\nstate-dir=/x\n"),
    ];

    /// <summary>Text as bytes, a char each.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Words as grammar tokens.</summary>
    public static byte[][] Tokens(params string[] words) => [.. words.Select(Bytes)];

    private static byte[] Lines(params string[] lines) => Bytes(string.Join("\r\n", lines) + "\r\n");

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);
}
