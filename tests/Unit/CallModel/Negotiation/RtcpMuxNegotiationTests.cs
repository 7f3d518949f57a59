using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class RtcpMuxNegotiationTests
{
    private const RtcpMuxFlags None = RtcpMuxFlags.None;
    private const RtcpMuxFlags Offer = RtcpMuxFlags.Offer;
    private const RtcpMuxFlags Require = RtcpMuxFlags.Require;
    private const RtcpMuxFlags Demux = RtcpMuxFlags.Demux;
    private const RtcpMuxFlags Accept = RtcpMuxFlags.Accept;
    private const RtcpMuxFlags Reject = RtcpMuxFlags.Reject;

    [Theory]
    [InlineData(false, false, None, false, false, RtcpMuxAnswer.Follow)]
    [InlineData(true, false, None, true, false, RtcpMuxAnswer.Follow)]
    [InlineData(true, true, None, true, true, RtcpMuxAnswer.Follow)]
    [InlineData(false, true, None, true, true, RtcpMuxAnswer.Refuse)]
    [InlineData(false, false, Offer, true, false, RtcpMuxAnswer.Refuse)]
    [InlineData(true, false, Offer, true, false, RtcpMuxAnswer.Follow)]
    [InlineData(false, false, Offer | Require, true, true, RtcpMuxAnswer.Refuse)]
    [InlineData(false, false, Require, true, true, RtcpMuxAnswer.Refuse)]
    [InlineData(true, false, Demux, false, false, RtcpMuxAnswer.Accept)]
    [InlineData(false, false, Demux, false, false, RtcpMuxAnswer.Follow)]
    [InlineData(true, false, Accept, true, false, RtcpMuxAnswer.Accept)]
    [InlineData(false, false, Accept, false, false, RtcpMuxAnswer.Follow)]
    [InlineData(true, false, Reject, true, false, RtcpMuxAnswer.Refuse)]
    [InlineData(true, false, Reject | Offer, true, false, RtcpMuxAnswer.Refuse)]
    [InlineData(false, false, Reject | Offer, true, false, RtcpMuxAnswer.Refuse)]
    public void OfferDecidesWhatTheAnswererSeesAndWhatTheOffererWillGet(
        bool offered, bool running, RtcpMuxFlags flags, bool toAnswerer, bool required, RtcpMuxAnswer towardOfferer)
    {
        Assert.Equal(new RtcpMuxOffer(toAnswerer, required, towardOfferer), RtcpMuxNegotiation.Offer(offered, running, flags));
    }

    [Theory]
    [InlineData(true, None, true, true, true)]
    [InlineData(true, None, false, false, false)]
    [InlineData(false, None, true, false, false)]
    [InlineData(true, Demux, false, true, false)]
    [InlineData(true, Accept, false, true, false)]
    [InlineData(true, Accept, true, true, true)]
    [InlineData(true, Reject, true, false, true)]
    [InlineData(false, Offer, true, false, true)]
    [InlineData(false, Offer | Reject, true, false, true)]
    [InlineData(false, Require, false, false, true)]
    public void AnswerFollowsTheAnswererUnlessTheOfferMadeAMismatch(
        bool offered, RtcpMuxFlags flags, bool answered, bool towardOfferer, bool towardAnswerer)
    {
        var offer = RtcpMuxNegotiation.Offer(offered, false, flags);

        Assert.Equal(new RtcpMuxResult(towardOfferer, towardAnswerer), RtcpMuxNegotiation.Answer(offer, answered));
    }

    [Fact]
    public void RequiredMuxNeedsOnePort()
    {
        Assert.Equal(1, RtcpMuxNegotiation.Offer(false, false, Require).PortCount);
        Assert.Equal(2, RtcpMuxNegotiation.Offer(true, false, None).PortCount);
    }

    [Fact]
    public void OnlyRequiredOffersAndMuxedAnswersPrintTheRtpPortAsRtcpPort()
    {
        Assert.True(RtcpMuxNegotiation.PrintsSinglePort(true, new(true, true, default), false));
        Assert.False(RtcpMuxNegotiation.PrintsSinglePort(true, new(true, false, default), true));
        Assert.True(RtcpMuxNegotiation.PrintsSinglePort(false, default, true));
        Assert.False(RtcpMuxNegotiation.PrintsSinglePort(false, default, false));
    }

    [Fact]
    public void AloneWeAcceptWhatIsOfferedUnlessToldToReject()
    {
        Assert.True(RtcpMuxNegotiation.AcceptAlone(true, None));
        Assert.False(RtcpMuxNegotiation.AcceptAlone(true, Reject));
        Assert.False(RtcpMuxNegotiation.AcceptAlone(false, Accept));
        Assert.Equal(new RtcpMuxOffer(true, true, RtcpMuxAnswer.Refuse), RtcpMuxNegotiation.OfferAlone(false, Require));
    }
}
