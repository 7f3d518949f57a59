using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class TransportNegotiationTests
{
    [Theory]
    [InlineData("RTP/AVP", true, false, false, false)]
    [InlineData("rtp/savp", true, true, false, false)]
    [InlineData("RTP/AVPF", true, false, true, false)]
    [InlineData("RTP/SAVPF", true, true, true, false)]
    [InlineData("UDP/TLS/RTP/SAVP", true, true, false, true)]
    [InlineData("UDP/TLS/RTP/SAVPF", true, true, true, true)]
    [InlineData("udptl", false, false, false, false)]
    [InlineData("TCP/MSRP", false, false, false, false)]
    public void ReadsTheProtocolField(string name, bool rtp, bool srtp, bool feedback, bool dtls)
    {
        var read = TransportNegotiation.Read(name);

        Assert.Equal((rtp, srtp, feedback, dtls, false), (read.IsRtp, read.Srtp, read.Feedback, read.Dtls, read.Osrtp));
    }

    [Theory]
    [InlineData("RTP/AVP", null, TransportShorthand.None, "RTP/AVP")]
    [InlineData("RTP/AVP", "RTP/SAVPF", TransportShorthand.None, "RTP/SAVPF")]
    [InlineData("RTP/SAVP", "RTP/AVP", TransportShorthand.None, "RTP/AVP")]
    [InlineData("udptl", "RTP/SAVP", TransportShorthand.None, "udptl")]
    [InlineData("RTP/AVP", "nonsense", TransportShorthand.None, "RTP/AVP")]
    [InlineData("RTP/AVP", null, TransportShorthand.SetSrtp, "RTP/SAVP")]
    [InlineData("RTP/SAVPF", null, TransportShorthand.ClearSrtp, "RTP/AVPF")]
    [InlineData("UDP/TLS/RTP/SAVPF", null, TransportShorthand.ClearSrtp | TransportShorthand.ClearFeedback, "RTP/AVP")]
    [InlineData("RTP/AVP", null, TransportShorthand.SetFeedback, "RTP/AVPF")]
    [InlineData("RTP/AVP", null, TransportShorthand.SetDtls, "UDP/TLS/RTP/SAVP")]
    [InlineData("RTP/AVPF", null, TransportShorthand.SetDtls, "UDP/TLS/RTP/SAVPF")]
    [InlineData("udptl", null, TransportShorthand.SetSrtp, "udptl")]
    public void OfferKeepsTheProtocolUnlessTold(string offered, string? requested, TransportShorthand change, string expected)
    {
        Assert.Equal(expected, TransportNegotiation.Offer(TransportNegotiation.Read(offered), requested, change).Name);
    }

    [Theory]
    [InlineData("RTP/AVP", "RTP/SAVP", null, "RTP/AVP")]
    [InlineData("RTP/AVP", "RTP/SAVP", "accept", "RTP/SAVP")]
    [InlineData("RTP/SAVP", "RTP/SAVP", "RTP/AVP", "RTP/AVP")]
    public void AnswerGivesTheOffererItsOwnProtocolUnlessTold(string offered, string answered, string? requested, string expected)
    {
        var result = TransportNegotiation.Answer(TransportNegotiation.Read(offered), TransportNegotiation.Read(answered), requested);

        Assert.Equal(expected, result.Name);
    }

    [Fact]
    public void OsrtpOfferPrintsKeysUnderThePlainName()
    {
        var result = TransportNegotiation.Offer(TransportNegotiation.Read("RTP/AVPF"), "RTP/SAVPF", osrtp: OsrtpFlags.Offer);

        Assert.Equal(("RTP/AVPF", true, true), (result.Name, result.Srtp, result.Osrtp));
    }

    [Fact]
    public void OsrtpAcceptTakesKeysUnderThePlainNameAndWithoutItTheyAreIgnored()
    {
        Assert.True(TransportNegotiation.Read("RTP/AVP", true, OsrtpFlags.Accept) is { Srtp: true, Osrtp: true });
        Assert.False(TransportNegotiation.Read("RTP/AVP", true).Srtp);
        Assert.False(TransportNegotiation.Read("RTP/AVP", false, OsrtpFlags.Accept).Srtp);
    }

    [Fact]
    public void LegacyOsrtpIsRefused()
    {
        Assert.Equal("not supported yet: OSRTP legacy", TransportNegotiation.Refusal(OsrtpFlags.OfferLegacy));
        Assert.Null(TransportNegotiation.Refusal(OsrtpFlags.Offer | OsrtpFlags.Accept));
    }
}
