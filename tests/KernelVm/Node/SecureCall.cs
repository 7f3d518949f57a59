using RtpCluster.Contracts;
using RtpCluster.Sdp;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.KernelNode;

/// <summary>A call between a caller that speaks SRTP and a callee that does not.</summary>
internal sealed class SecureCall
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private readonly KernelNode _node;
    private readonly string _id;
    private readonly byte[] _types;

    /// <param name="node">The node.</param>
    /// <param name="id">Call-id.</param>
    /// <param name="callerSequence">Sequence number of both phones' first packets.</param>
    /// <param name="types">Payload types that the SDPs name beside 8 and 101.</param>
    public SecureCall(KernelNode node, string id, ushort callerSequence = 0, params byte[] types)
    {
        _node = node;
        _types = types;
        _id = id;
        (int towardCaller, int towardCallee, var keys) = Signal();
        byte[] own = Convert.FromBase64String(Key);
        Caller = node.Phone(callee: false, 6000, towardCaller, ssrc: 0xaaaa0001);
        Caller.Sequence = callerSequence;
        Caller.UseSrtp(new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = own[..16], MasterSalt = own[16..] }, keys);
        Callee = node.Phone(callee: true, 6000, towardCallee, ssrc: 0xbbbb0002);
        Callee.Sequence = callerSequence;
    }

    public RtpPeer Caller { get; }

    public RtpPeer Callee { get; }

    /// <summary>Both ways, as <see cref="KernelNode.ArrivedAsync"/> wants them.</summary>
    public (RtpPeer From, RtpPeer To)[] Ways => [(Caller, Callee), (Callee, Caller)];

    public void Talk(int packets)
    {
        Caller.Send(packets);
        Callee.Send(packets);
    }

    /// <summary>Offer and answer, the first ones or again; returns the node's ports and its keys toward the caller.</summary>
    public (int TowardCaller, int TowardCallee, SrtpKeys Keys) Signal()
    {
        string secure = Sdp(Lab.CallerV4, $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}\r\n").Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal);
        string offer = _node.Ng.Send("offer", ("call-id", _id), ("from-tag", "a"), ("transport-protocol", "RTP/AVP"), ("sdp", secure)) ?? "";
        string answer = _node.Ng.Send("answer", ("call-id", _id), ("from-tag", "a"), ("to-tag", "b"), ("sdp", Sdp(Lab.CalleeV4, ""))) ?? "";
        int at = answer.IndexOf("a=crypto:", StringComparison.Ordinal);
        Assert.True(at >= 0, answer);
        Assert.True(SdpCrypto.TryParse(answer.AsSpan(at + 9, answer.IndexOf('\r', at) - at - 9), out var crypto, out _), answer);
        return (NgClient.PortOf(answer), NgClient.PortOf(offer), crypto!.Keys);
    }

    private string Sdp(string address, string extra) =>
        NgClient.Sdp(address, 6000, extra + string.Concat(_types.Select(t => $"a=rtpmap:{t} x-{t}/8000\r\n")))
            .Replace("RTP/AVP 8 101", string.Join(' ', ["RTP/AVP 8 101", .. _types]), StringComparison.Ordinal);
}
