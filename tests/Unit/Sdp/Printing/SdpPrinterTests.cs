using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Printing;

/// <summary>The printed order of lines.</summary>
public class SdpPrinterTests
{
    private static readonly SdpOrigin Origin = new("uac", "1", "2", "IN", "IP4", "198.51.100.1");

    private static SdpMediaOutput Audio(params byte[] payloadTypes) => new()
    {
        Type = "audio",
        Port = 30000,
        Protocol = "RTP/AVP",
        Address = IpAddress.Parse("203.0.113.1"),
        Codecs = [.. payloadTypes.Select(number => StaticPayloadTypes.Of(number)!)],
        Direction = SdpDirection.SendRecv,
        RtcpForm = RtcpForm.Port,
        RtcpPort = 30001,
    };

    private static string Print(SdpMediaOutput media, SdpManipulations? manipulations = null) =>
        SdpPrinter.Print(new SdpOutput { Origin = Origin, Medias = [media] }, manipulations).ReplaceLineEndings("\n");

    [Fact]
    public void A_plain_offer_prints_the_reference_output()
    {
        Assert.Equal(
            """
            v=0
            o=uac 1 2 IN IP4 198.51.100.1
            s=-
            t=0 0
            m=audio 30000 RTP/AVP 0 8
            c=IN IP4 203.0.113.1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=sendrecv
            a=rtcp:30001

            """,
            Print(Audio(0, 8)));
    }
}
