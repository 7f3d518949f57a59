using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.KernelNode;

/// <summary>A call between a caller that gets its keys by DTLS, as a browser does, and a callee without any.</summary>
internal sealed class DtlsCall
{
    private const int CallerPort = 6000, CalleePort = 6000;

    private DtlsCall(RtpPeer caller, RtpPeer callee) => (Caller, Callee) = (caller, callee);

    public RtpPeer Caller { get; }

    public RtpPeer Callee { get; }

    /// <summary>Both ways, as <see cref="KernelNode.ArrivedAsync"/> wants them.</summary>
    public (RtpPeer From, RtpPeer To)[] Ways => [(Caller, Callee), (Callee, Caller)];

    public void Talk(int packets)
    {
        Caller.Send(packets);
        Callee.Send(packets);
    }

    /// <summary>Offer, answer and handshake.</summary>
    public static async Task<DtlsCall> PlaceAsync(KernelNode node, string id)
    {
        var certificate = DtlsCertificates.Create(new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000));
        string fingerprint = Convert.ToHexString(DtlsCertificates.Fingerprint(certificate.Certificate, "sha-256"));
        string colons = string.Join(':', fingerprint.Chunk(2).Select(pair => new string(pair)));
        string secure = NgClient.Sdp(Lab.CallerV4, CallerPort, $"a=rtcp-mux\r\na=setup:active\r\na=fingerprint:sha-256 {colons}\r\n")
            .Replace("RTP/AVP", "UDP/TLS/RTP/SAVP", StringComparison.Ordinal);
        string offer = node.Ng.Send("offer", ("call-id", id), ("from-tag", "a"), ("transport-protocol", "RTP/AVP"), ("sdp", secure)) ?? "";
        string answer = node.Ng.Send("answer", ("call-id", id), ("from-tag", "a"), ("to-tag", "b"), ("sdp", NgClient.Sdp(Lab.CalleeV4, CalleePort))) ?? "";
        Assert.Contains("a=setup:passive", answer);
        int at = answer.IndexOf("a=fingerprint:", StringComparison.Ordinal) + 14;
        string[] words = answer[at..answer.IndexOf('\r', at)].Split(' ');
        var plan = new DtlsPlan
        {
            Association = 1,
            Role = DtlsRole.Active,
            Certificate = certificate,
            FingerprintHash = words[0],
            Fingerprint = Convert.FromHexString(words[1].Replace(":", "", StringComparison.Ordinal)),
        };
        int port = NgClient.PortOf(answer);
        var (send, receive) = await ShakeHandsAsync(node, plan, new IPEndPoint(IPAddress.Parse(Lab.NodeV4), port));
        var caller = node.Phone(callee: false, CallerPort, port, ssrc: 0xaaaa0001);
        caller.UseSrtp(send, receive);
        return new DtlsCall(caller, node.Phone(callee: true, CalleePort, NgClient.PortOf(offer), ssrc: 0xbbbb0002));
    }

    private static async Task<(SrtpKeys Send, SrtpKeys Receive)> ShakeHandsAsync(KernelNode node, DtlsPlan plan, IPEndPoint remote)
    {
        using var context = new DtlsContext(plan.Certificate!);
        using var client = new DtlsEndpoint(context, plan);
        using var socket = node.Lab.Caller.Enter(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            made.Bind(new IPEndPoint(IPAddress.Parse(Lab.CallerV4), CallerPort));
            made.Connect(remote);
            return made;
        });
        byte[] buffer = new byte[2048];
        await node.HoldsAsync(() =>
        {
            while (client.TryGetTransmit(out byte[] datagram))
            {
                socket.Send(datagram);
            }

            while (socket.Available > 0)
            {
                client.Receive(buffer.AsSpan(0, socket.Receive(buffer)));
            }

            client.Tick();
            return client.State != DtlsState.Handshaking;
        }, "no handshake");
        Assert.True(client.State == DtlsState.Keyed, client.Failure);
        return (client.Encrypt!, client.Decrypt!);
    }
}
