using RtpCluster.CallModel.Negotiation;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class DirectionNegotiationTests
{
    [Theory]
    [InlineData(SdpDirection.SendRecv, false, false, true, true)]
    [InlineData(SdpDirection.SendOnly, false, false, true, false)]
    [InlineData(SdpDirection.RecvOnly, false, false, false, true)]
    [InlineData(SdpDirection.Inactive, false, false, false, false)]
    [InlineData(SdpDirection.SendRecv, true, false, true, false)]
    [InlineData(SdpDirection.RecvOnly, true, false, false, false)]
    [InlineData(SdpDirection.SendRecv, false, true, false, false)]
    public void ReadsWhatTheRemoteDoes(SdpDirection direction, bool zeroAddress, bool rejected, bool sends, bool receives)
    {
        Assert.Equal(new MediaDirection(sends, receives), DirectionNegotiation.Read(direction, zeroAddress, rejected));
    }

    [Theory]
    [InlineData(SdpDirection.SendRecv, SdpDirection.SendRecv)]
    [InlineData(SdpDirection.SendOnly, SdpDirection.RecvOnly)]
    [InlineData(SdpDirection.RecvOnly, SdpDirection.SendOnly)]
    [InlineData(SdpDirection.Inactive, SdpDirection.Inactive)]
    public void TheOtherSideSeesTheRemotesViewAndTheRemoteOurMirrorImage(SdpDirection remote, SdpDirection mirror)
    {
        var read = DirectionNegotiation.Read(remote, false, false);

        Assert.Equal(remote, read.AsPrintedByRemote);
        Assert.Equal(mirror, read.AsPrintedByUs);
    }

    [Theory]
    [InlineData(true, false, false, true)]
    [InlineData(true, true, false, false)]
    [InlineData(true, false, true, false)]
    [InlineData(false, false, false, false)]
    public void AZeroAddressPassesUnlessReplacedOrIce(bool zero, bool replace, bool ice, bool expected)
    {
        Assert.Equal(expected, DirectionNegotiation.PrintsZeroAddress(zero, replace, ice));
    }

    [Theory]
    [InlineData(SdpDirection.SendOnly, false, SdpDirection.RecvOnly)]
    [InlineData(SdpDirection.SendRecv, false, SdpDirection.RecvOnly)]
    [InlineData(SdpDirection.SendRecv, true, SdpDirection.SendRecv)]
    [InlineData(SdpDirection.SendOnly, true, SdpDirection.RecvOnly)]
    [InlineData(SdpDirection.Inactive, false, SdpDirection.Inactive)]
    public void PublishIsAnsweredRecvonly(SdpDirection published, bool bidirectional, SdpDirection expected)
    {
        Assert.Equal(expected, DirectionNegotiation.PublishAnswer(DirectionNegotiation.Read(published, false, false), bidirectional));
    }

    [Theory]
    [InlineData(false, false, SdpDirection.SendOnly)]
    [InlineData(true, false, SdpDirection.SendRecv)]
    [InlineData(false, true, SdpDirection.Inactive)]
    [InlineData(true, true, SdpDirection.Inactive)]
    public void SubscribersAreOfferedSendonly(bool bidirectional, bool inactive, SdpDirection expected)
    {
        Assert.Equal(expected, DirectionNegotiation.SubscribeOffer(bidirectional, inactive));
    }
}
