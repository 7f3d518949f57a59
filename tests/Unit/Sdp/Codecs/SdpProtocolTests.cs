using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Codecs;

/// <summary>m= protocols.</summary>
public class SdpProtocolTests
{
    [Theory]
    [InlineData("RTP/AVP", false, false, false)]
    [InlineData("RTP/SAVP", true, false, false)]
    [InlineData("RTP/AVPF", false, true, false)]
    [InlineData("RTP/SAVPF", true, true, false)]
    [InlineData("UDP/TLS/RTP/SAVP", true, false, true)]
    [InlineData("UDP/TLS/RTP/SAVPF", true, true, true)]
    public void Rtp_protocols_are_found_by_name_and_by_properties(string name, bool srtp, bool feedback, bool dtls)
    {
        var protocol = SdpProtocol.Of(name.ToLowerInvariant());

        Assert.Equal((name, true), (protocol.Name, protocol.IsRtp));
        Assert.Equal((srtp, feedback, dtls), (protocol.IsSrtp, protocol.HasFeedback, protocol.IsDtls));
        Assert.Equal(protocol, SdpProtocol.Of(srtp, feedback, dtls));
    }

    [Theory]
    [InlineData("udptl", true)]
    [InlineData("UDPTL", true)]
    [InlineData("TCP/MSRP", false)]
    public void Others_keep_their_spelling(string name, bool udptl)
    {
        var protocol = SdpProtocol.Of(name);

        Assert.Equal((name, udptl, false), (protocol.ToString(), protocol.IsUdptl, protocol.IsRtp));
    }
}
