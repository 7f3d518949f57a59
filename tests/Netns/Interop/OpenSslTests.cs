using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using RtpCluster.Contracts;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Netns.Interop;

/// <summary>
/// The openssl tool does the DTLS handshake through a node's media port, in both roles, and says which keys came of it. SRTP under those keys
/// then flows between a plain phone and the tool's address in both directions.
/// </summary>
public sealed partial class OpenSslTests : IAsyncLifetime
{
    private const int PhonePort = 40000, ToolPort = 41000, Packets = 50;

    private readonly Lab _lab = new();
    private readonly RtpPacer _pacer = new();
    private NodeProcess _node = null!;
    private RtpPeer _phone = null!;

    public async ValueTask InitializeAsync()
    {
        _node = new NodeProcess(_lab, peer: false, "-L", "6");
        _phone = RtpPeer.Open(_lab.Caller, IPAddress.Parse(Lab.CallerV4), PhonePort, ssrc: 1);
        _pacer.Add(_phone);
        await _node.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _phone.Dispose();
        _node.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData("SRTP_AEAD_AES_256_GCM", SrtpSuite.AeadAes256Gcm, "ec")]
    [InlineData("SRTP_AEAD_AES_128_GCM", SrtpSuite.AeadAes128Gcm, "rsa")]
    [InlineData("SRTP_AES128_CM_SHA1_80", SrtpSuite.AesCm128HmacSha1_80, "ec")]
    [InlineData("SRTP_AES128_CM_SHA1_32", SrtpSuite.AesCm128HmacSha1_32, "ec")]
    public async Task The_tool_is_the_client(string profile, SrtpSuite suite, string keyType)
    {
        string print = MakeCertificate(keyType);
        var (towardTool, towardPhone, nodePrint) = Call("active", print);

        string seen = Handshake("s_client", suite, profile, "-connect", $"{Lab.NodeV4}:{towardTool}", "-bind", $"{Lab.CalleeV4}:{ToolPort}", "-state");

        Assert.Contains($"SRTP Extension negotiated, profile={profile}", seen, StringComparison.Ordinal);
        using var certificate = X509Certificate2.CreateFromPem(Certificate().Match(seen).Value);
        Assert.Equal(nodePrint, Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA256)));
        var (client, server) = Keys(suite, seen);
        await MediaFlowsAsync(towardTool, towardPhone, send: client, receive: server);
    }

    [Theory]
    [InlineData("SRTP_AEAD_AES_256_GCM", SrtpSuite.AeadAes256Gcm, "rsa")]
    [InlineData("SRTP_AES128_CM_SHA1_80", SrtpSuite.AesCm128HmacSha1_80, "ec")]
    public async Task The_tool_is_the_server(string profile, SrtpSuite suite, string keyType)
    {
        string print = MakeCertificate(keyType);
        int towardTool, towardPhone;
        string seen;
        using (var server = Start("s_server", suite, profile, "-accept", $"{Lab.CalleeV4}:{ToolPort}", "-verify", "1", "-naccept", "1", "-timeout"))
        {
            await Eventually.HoldsAsync(() => server.Output.Contains("ACCEPT", StringComparison.Ordinal), TimeSpan.FromSeconds(10), () => server.Output);
            (towardTool, towardPhone, _) = Call("passive", print);
            await Eventually.HoldsAsync(() => Material().IsMatch(server.Output), TimeSpan.FromSeconds(20), () => server.Output);
            seen = server.Output;
        }

        Assert.Contains($"SRTP Extension negotiated, profile={profile}", seen, StringComparison.Ordinal);
        var keys = Keys(suite, seen);
        await MediaFlowsAsync(towardTool, towardPhone, send: keys.Server, receive: keys.Client);
    }

    private string MakeCertificate(string keyType)
    {
        string[] key = keyType == "rsa" ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        ChildProcess.Run("openssl", ["req", "-x509", .. key, "-nodes", "-days", "2", "-subj", "/CN=tool", "-keyout", $"{_lab.Folder}/key.pem", "-out", $"{_lab.Folder}/cert.pem"]);
        return ChildProcess.Run("openssl", "x509", "-in", $"{_lab.Folder}/cert.pem", "-noout", "-fingerprint", "-sha256").Trim().Split('=')[1];
    }

    /// <summary>The phone calls the tool; returns the node's ports and the fingerprint that its offer shows.</summary>
    private (int TowardTool, int TowardPhone, string Fingerprint) Call(string setup, string print)
    {
        string offer = Send("offer", ("from-tag", "a"), ("rtpp-flags", "UDP/TLS/RTP/SAVP ICE=remove SDES-off rtcp-mux-offer"),
            ("sdp", NgClient.Sdp(Lab.CallerV4, PhonePort)));
        string sdp = $"v=0\r\no=- 1 1 IN IP4 {Lab.CalleeV4}\r\ns=-\r\nc=IN IP4 {Lab.CalleeV4}\r\nt=0 0\r\nm=audio {ToolPort} UDP/TLS/RTP/SAVP 8\r\n"
            + $"a=rtpmap:8 PCMA/8000\r\na=rtcp-mux\r\na=setup:{setup}\r\na=fingerprint:sha-256 {print}\r\n";
        string answer = Send("answer", ("from-tag", "a"), ("to-tag", "b"), ("rtpp-flags", "RTP/AVP"), ("sdp", sdp));
        return (NgClient.PortOf(offer), NgClient.PortOf(answer), Fingerprint().Match(offer).Groups[1].Value.Replace(":", "", StringComparison.Ordinal));
    }

    private string Send(string command, params (string, string)[] values)
    {
        string reply = _node.Ng.Send(command, [("call-id", "interop"), .. values]) ?? "no answer";
        Assert.Contains("6:result2:ok", reply, StringComparison.Ordinal);
        return reply;
    }

    /// <summary>A server leaves at the end of its input, a client after its handshake.</summary>
    private ChildProcess Start(string tool, SrtpSuite suite, string profile, params string[] arguments) =>
        _lab.Callee.Start("sh", ["-c", tool == "s_server" ? "sleep 60 | openssl \"$@\"" : "openssl \"$@\"", "sh", tool, "-dtls1_2", "-use_srtp", profile, "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen",
            MaterialLength(suite).ToString(CultureInfo.InvariantCulture), "-cert", $"{_lab.Folder}/cert.pem", "-key", $"{_lab.Folder}/key.pem", .. arguments]);

    private string Handshake(string tool, SrtpSuite suite, string profile, params string[] arguments)
    {
        using var process = Start(tool, suite, profile, arguments);
        process.WaitForExit(TimeSpan.FromSeconds(20));
        return process.Output;
    }

    private async Task MediaFlowsAsync(int towardTool, int towardPhone, SrtpKeys send, SrtpKeys receive)
    {
        using var tool = RtpPeer.Open(_lab.Callee, IPAddress.Parse(Lab.CalleeV4), ToolPort, ssrc: 2);
        tool.UseSrtp(send, receive);
        tool.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), towardTool);
        _phone.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), towardPhone);
        _pacer.Add(tool);
        tool.Send(Packets);
        _phone.Send(Packets);
        await Eventually.HoldsAsync(() => tool.Received == Packets && _phone.Received == Packets, TimeSpan.FromSeconds(20),
            () => $"the tool got {tool.Received} packets and refused {tool.Refused}, the phone got {_phone.Received}");
        Assert.Equal(0, tool.Refused);
    }

    private static int MaterialLength(SrtpSuite suite) => 2 * (SrtpSuiteInfo.Of(suite).KeyLength + SrtpSuiteInfo.Of(suite).SaltLength);

    /// <summary>RFC 5764 section 4.2: client key, server key, client salt, server salt.</summary>
    private static (SrtpKeys Client, SrtpKeys Server) Keys(SrtpSuite suite, string output)
    {
        byte[] material = Convert.FromHexString(Material().Match(output).Groups[1].Value);
        int key = SrtpSuiteInfo.Of(suite).KeyLength;
        int salt = SrtpSuiteInfo.Of(suite).SaltLength;
        return (Part(0), Part(1));

        SrtpKeys Part(int side) => new()
        {
            Suite = suite,
            MasterKey = material.AsSpan(side * key, key).ToArray(),
            MasterSalt = material.AsSpan((2 * key) + (side * salt), salt).ToArray(),
        };
    }

    [GeneratedRegex(@"Keying material: ([0-9A-F]+)")]
    private static partial Regex Material();

    [GeneratedRegex("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", RegexOptions.Singleline)]
    private static partial Regex Certificate();

    [GeneratedRegex("a=fingerprint:sha-256 ([0-9A-F:]+)")]
    private static partial Regex Fingerprint();
}
