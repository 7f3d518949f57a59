using RtpCluster.Ng;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Unit.Ng.Commands;

public class RecordedMessagesTests
{
    [Fact]
    public void Every_recorded_kamailio_message_parses_without_unknown_words()
    {
        Assert.NotEmpty(Recorded.Kamailio);
        Assert.All(Recorded.Kamailio, datagram =>
        {
            Assert.True(CookieFrame.TrySplit(datagram, out _, out var payload));
            var command = Decode(payload, NgFormat.Bencode);
            Assert.Empty(command.UnknownWords);
            Assert.Empty(command.Unsupported);
        });
    }

    [Fact]
    public void Kamailios_offer_sets_what_it_says()
    {
        Assert.True(CookieFrame.TrySplit(Recorded.Kamailio.First(d => NgCodec.FromBytes(d).Contains("5:offer")), out _, out var payload));
        var command = Decode(payload, NgFormat.Bencode);
        Assert.Equal(NgVerb.Offer, command.Verb);
        Assert.True(command.SupportsLoadLimit);
        Assert.Equal("A", command.Label);
        Assert.Equal("198.51.100.10", command.ReceivedFrom.ToString());
        Assert.Equal(ReplaceFlags.Origin | ReplaceFlags.SessionConnection, command.Replace);
        Assert.StartsWith("v=0\r\no=uac ", command.Sdp);
    }

    [Fact]
    public void Json_requests_with_raw_line_breaks_work_as_printed()
    {
        Assert.All(Recorded.JsonRequests, payload => Assert.Empty(Decode(payload, NgFormat.Json).UnknownWords));
        var publish = Decode(Recorded.JsonRequests[0], NgFormat.Json);
        Assert.Equal(NgVerb.Publish, publish.Verb);
        Assert.Equal("room 1", publish.CallId);
        Assert.StartsWith("v=0  \n        o=x ", publish.Sdp);

        var webrtc = Decode(Recorded.JsonRequests[4], NgFormat.Json);
        Assert.Equal("RTP/SAVPF", webrtc.TransportProtocol);
        Assert.Equal(IceOption.Force, webrtc.Ice);
        Assert.True(webrtc.Sdes.Off);
        Assert.Equal(RtcpMuxFlags.Offer | RtcpMuxFlags.Require, webrtc.RtcpMux);
        Assert.Equal(["PCMA", "PCMU"], webrtc.Codec.Transcode);
        Assert.Contains("transcode", webrtc.Unsupported);
    }

    private static NgCommand Decode(ReadOnlySpan<byte> payload, NgFormat expected)
    {
        Assert.True(NgCodec.TryDecode(payload, out var dictionary, out var format, out string error), error);
        Assert.Equal(expected, format);
        Assert.True(NgCommandParser.TryParse(dictionary, NgTemplates.Empty, out var command, out error), error);
        return command;
    }
}
