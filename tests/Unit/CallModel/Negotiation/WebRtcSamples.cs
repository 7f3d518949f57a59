namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>SDPs as browsers and phones write them.</summary>
internal static class WebRtcSamples
{
    public const string Print = "3B:F3:4C:C1:4C:93:4D:61:9B:CA:CD:EC:E8:73:C1:F0:92:D4:EE:9C:97:4D:B3:CF:87:25:49:12:25:EF:11:E0";

    public const string Phone =
        "v=0\r\no=- 1 1 IN IP4 198.51.100.2\r\ns=-\r\nc=IN IP4 198.51.100.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";

    /// <summary>A browser with G.711 at 198.51.100.10:5000.</summary>
    public static string Browser(string setup) =>
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 5000 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 198.51.100.10\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
        + "a=candidate:1 1 udp 2122260223 198.51.100.10 5000 typ host generation 0 network-id 1\r\n"
        + "a=candidate:2 1 tcp 1518280447 198.51.100.10 9 typ host tcptype active generation 0\r\n"
        + "a=ice-ufrag:abcd\r\na=ice-pwd:ynvBVbOlH1WtLmiHwOs4uj9O\r\na=ice-options:trickle\r\n"
        + $"a=fingerprint:sha-256 {Print}\r\na=setup:{setup}\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:0 PCMU/8000\r\n";
}
