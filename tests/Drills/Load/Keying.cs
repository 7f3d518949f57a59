using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills.Load;

/// <summary>How the caller's leg is protected.</summary>
public enum Protection
{
    /// <summary>RTP.</summary>
    None,

    /// <summary>SRTP with keys in the SDP (RFC 4568).</summary>
    Sdes,

    /// <summary>SRTP with keys of a DTLS handshake (RFC 5764).</summary>
    Dtls,
}

/// <summary>The caller's end of a protected leg: what it says in SDP, and the keys that come of it.</summary>
/// <param name="protection">How.</param>
/// <param name="phones">The phones' host.</param>
/// <param name="host">The phones' address.</param>
public sealed partial class Keying(Protection protection, NetworkNamespace? phones, string host)
{
    private const string Suite = "AES_CM_128_HMAC_SHA1_80";
    private const int KeyBytes = 16;
    private static readonly (string, string) s_plainCallee = ("transport-protocol", "RTP/AVP");
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);
    private readonly byte[] _own = RandomNumberGenerator.GetBytes(30);
    private readonly DtlsCertificate? _certificate =
        protection == Protection.Dtls ? DtlsCertificates.Create(new Instant((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10)) : null;

    /// <summary>Not at all.</summary>
    public static Keying Plain { get; } = new(Protection.None, null, Phones.Host);

    /// <summary>How.</summary>
    public Protection Protection => protection;

    /// <summary>The keys of an offer that say what the caller speaks.</summary>
    public (string Key, string Value)[] Offer => protection switch
    {
        Protection.Sdes => [("sdp", Sdp(Phones.CallerPort, "RTP/SAVP", $"a=crypto:1 {Suite} inline:{Convert.ToBase64String(_own)}\r\n")), s_plainCallee],
        Protection.Dtls =>
            [("sdp", Sdp(Phones.CallerPort, "UDP/TLS/RTP/SAVP", $"a=rtcp-mux\r\na=setup:active\r\na=fingerprint:sha-256 {Print(_certificate!.Certificate)}\r\n")), s_plainCallee],
        _ => [("sdp", Sdp(Phones.CallerPort, "RTP/AVP", ""))],
    };

    /// <summary>The callee's SDP.</summary>
    public string Answer => Sdp(Phones.CalleePort, "RTP/AVP", "");

    /// <summary>The keys that the node's answer leads to; a DTLS handshake runs from the caller's port. Null: plain.</summary>
    public (SrtpKeys Send, SrtpKeys Receive)? Keys(string answer, IPEndPoint node) => protection switch
    {
        Protection.Sdes => (Of(_own), Of(Convert.FromBase64String(Crypto().Match(answer).Groups[1].Value))),
        Protection.Dtls => phones!.Enter(() => Shake(answer, new IPEndPoint(IPAddress.Parse(host), Phones.CallerPort), node)),
        _ => null,
    };

    private string Sdp(int port, string protocol, string more) => NgClient.Sdp(host, port, more)
        .Replace("RTP/AVP", protocol, StringComparison.Ordinal).Replace("IN IP4", host.Contains(':', StringComparison.Ordinal) ? "IN IP6" : "IN IP4", StringComparison.Ordinal);

    private static SrtpKeys Of(byte[] both) => new() { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = both[..KeyBytes], MasterSalt = both[KeyBytes..] };

    private static string Print(byte[] certificate) => string.Join(':', DtlsCertificates.Fingerprint(certificate, "sha-256").Select(b => b.ToString("X2", null)));

    private (SrtpKeys Send, SrtpKeys Receive) Shake(string answer, IPEndPoint local, IPEndPoint node)
    {
        // The phones' socket has the port as well; the system gives what comes from this end to the socket that is connected to it.
        using var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 50 };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(local);
        socket.Connect(node);
        using var context = new DtlsContext(_certificate!);
        using var end = new DtlsEndpoint(context, new DtlsPlan
        {
            Association = 1,
            Certificate = _certificate!,
            FingerprintHash = "sha-256",
            Fingerprint = Convert.FromHexString(Fingerprint().Match(answer).Groups[1].Value.Replace(":", string.Empty, StringComparison.Ordinal)),
            Role = DtlsRole.Active,
        });
        byte[] buffer = new byte[2048];
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); end.State == DtlsState.Handshaking && watch.Elapsed < s_limit;)
        {
            while (end.TryGetTransmit(out byte[] datagram))
            {
                socket.Send(datagram);
            }

            try
            {
                end.Receive(buffer.AsSpan(0, socket.Receive(buffer)));
            }
            catch (SocketException)
            {
                end.Tick();
            }
        }

        while (end.TryGetTransmit(out byte[] last))
        {
            socket.Send(last);
        }

        return end.State == DtlsState.Keyed ? (end.Encrypt!, end.Decrypt!) : throw new InvalidOperationException("no DTLS handshake: " + end.Failure);
    }

    [GeneratedRegex(@"a=crypto:\d+ " + Suite + " inline:([A-Za-z0-9+/=]+)")]
    private static partial Regex Crypto();

    [GeneratedRegex("a=fingerprint:sha-256 ([0-9A-Fa-f:]+)")]
    private static partial Regex Fingerprint();
}
