using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>Publishers and subscribers with feedback: what of RTCP, layers and header extensions ends at us, and what the plan says of it.</summary>
public sealed class RoomTests
{
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    private readonly CallDriver _driver = Requests.Driver();

    [Fact]
    public void Rtcp_of_publisher_and_subscriber_ends_here()
    {
        Publish(Video);
        Subscribe();

        var (publisher, subscriber) = (Streams[0], Streams[1]);
        Assert.Equal(FeedbackFlags.Nack | FeedbackFlags.PictureLoss | FeedbackFlags.FullIntra | FeedbackFlags.Estimate, publisher.Feedback!.Flags);
        Assert.Empty(publisher.RtcpOutputs);
        Assert.Empty(subscriber.RtcpOutputs);
        Assert.NotEqual(0u, publisher.Feedback.LocalSsrc);
        Assert.NotEqual(publisher.Feedback.LocalSsrc, subscriber.Feedback!.LocalSsrc);
        Assert.Equal(0u, subscriber.Feedback.SendSsrc);
    }

    [Fact]
    public void Rtcp_of_publishers_without_feedback_passes_end_to_end()
    {
        Publish(Video.Replace("RTP/AVPF", "RTP/AVP", StringComparison.Ordinal));
        Subscribe();

        Assert.All(Streams, s => Assert.Null(s.Feedback));
        Assert.All(Streams, s => Assert.NotEmpty(s.RtcpOutputs));
    }

    [Fact]
    public void Rtcp_of_an_ordinary_call_passes_end_to_end()
    {
        _driver.Run(new NgCommand { Verb = NgVerb.Offer, CallId = "call", FromTag = "A", Sdp = Video });
        _driver.Run(new NgCommand { Verb = NgVerb.Answer, CallId = "call", FromTag = "A", ToTag = "B", Sdp = Video });

        Assert.All(Streams, s => Assert.Null(s.Feedback));
    }

    [Fact]
    public void A_separate_rtcp_port_has_no_packets_to_send_again()
    {
        Publish(Video);
        Subscribe(answer: Video.Replace("a=rtcp-mux\r\n", "", StringComparison.Ordinal));

        Assert.True(Streams.Single(s => s.Kind == StreamKind.Rtp).Flags.HasFlag(StreamFlags.Retransmit));
        Assert.False(Streams.Single(s => s.Kind == StreamKind.Rtcp).Flags.HasFlag(StreamFlags.Retransmit));
    }

    [Fact]
    public void A_publishers_layers_are_taken_and_its_subscriber_gets_one_stream()
    {
        string answer = Publish(Video + Layers);

        Assert.Contains("a=rid:q recv\r\na=rid:f recv\r\na=simulcast:recv q;f\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"a=extmap:4 {Mid}\r\na=extmap:10 {Rid}\r\n", answer, StringComparison.Ordinal);
        string offer = Subscribe();
        Assert.DoesNotContain("rid:", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("simulcast", offer, StringComparison.Ordinal);
        Assert.DoesNotContain(Rid, offer, StringComparison.Ordinal);
        var (publisher, subscriber) = (Streams[0], Streams[1]);
        Assert.Equal([new LayerPlan("q", 0), new LayerPlan("f", 0)], publisher.Feedback!.Layers);
        Assert.Equal((4, 10), (publisher.Extensions.Mid, publisher.Extensions.Rid));
        Assert.Contains($"a=ssrc:{subscriber.Feedback!.SendSsrc} cname:", offer, StringComparison.Ordinal);
        var output = Assert.Single(publisher.RtpOutputs);
        Assert.Equal<byte>([4, 10], [.. output.StripExtensions.Order()]);
        Assert.Equal(-1, output.Layer);
    }

    [Fact]
    public void Layers_by_ssrc_are_taken_too()
    {
        Publish(Video + "a=ssrc-group:SIM 11 22 33\r\na=ssrc:11 cname:x\r\n");
        string offer = Subscribe();

        Assert.Equal([11u, 22u, 33u], Streams[0].Feedback!.Layers.Select(l => l.Ssrc));
        Assert.DoesNotContain("ssrc-group", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("ssrc:11 ", offer, StringComparison.Ordinal);
    }

    [Fact]
    public void Retransmissions_of_a_publisher_are_taken_and_offered_to_its_subscriber()
    {
        string answer = Publish(Repaired + "a=ssrc-group:FID 11 12\r\na=ssrc:11 cname:x\r\na=ssrc:12 cname:x\r\n");

        Assert.Contains("m=video 30000 RTP/AVPF 96 97\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n", answer, StringComparison.Ordinal);
        string offer = Subscribe(answer: Repaired.Replace("97", "99", StringComparison.Ordinal).Replace("96", "98", StringComparison.Ordinal));
        Assert.Contains("a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n", offer, StringComparison.Ordinal);
        Assert.Contains("a=ssrc-group:FID 11 12\r\n", offer, StringComparison.Ordinal);
        var (publisher, subscriber) = (Streams[0].Feedback!, Streams[1].Feedback!);
        Assert.Equal([new PayloadTypeMap(97, 96)], publisher.RepairTypes);
        Assert.Equal([new RepairPlan(12, 11)], publisher.Repairs);
        Assert.Equal(12u, subscriber.RetransmitSsrc);
        Assert.Equal([new PayloadTypeMap(98, 99)], subscriber.RetransmitTypes);
    }

    [Fact]
    public void A_subscriber_of_layers_gets_retransmissions_under_an_ssrc_of_ours()
    {
        string answer = Publish(Repaired + Layers + $"a=extmap:11 {RepairedRid}\r\n");
        string offer = Subscribe(answer: Repaired);

        Assert.Contains($"a=extmap:11 {RepairedRid}\r\n", answer, StringComparison.Ordinal);
        var subscriber = Streams[1].Feedback!;
        Assert.NotEqual(0u, subscriber.RetransmitSsrc);
        Assert.NotEqual(subscriber.SendSsrc, subscriber.RetransmitSsrc);
        Assert.Contains($"a=ssrc-group:FID {subscriber.SendSsrc} {subscriber.RetransmitSsrc}\r\n", offer, StringComparison.Ordinal);
        Assert.Contains(RepairedRid, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(RepairedRid, offer, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_known_ssrc_lost_packets_come_again_as_they_were()
    {
        Publish(Repaired);
        string offer = Subscribe(answer: Video);

        Assert.DoesNotContain("rtx", offer, StringComparison.Ordinal);
        Assert.Equal(0u, Streams[1].Feedback!.RetransmitSsrc);
        Assert.True(Streams[1].Flags.HasFlag(StreamFlags.Retransmit));
    }

    [Fact]
    public void Layers_of_a_codec_whose_key_frames_we_cannot_tell_are_not_taken()
    {
        string answer = Publish((Video + Layers).Replace("VP8", "AV1", StringComparison.Ordinal));

        Assert.DoesNotContain("simulcast", answer, StringComparison.Ordinal);
        Assert.Empty(Streams[0].Feedback!.Layers);
    }

    [Fact]
    public void The_best_layer_of_a_subscriber_is_named_and_changed()
    {
        Publish(Video + Layers);
        Subscribe(c => c.Rid = "q");
        Assert.Equal(0, Streams[0].RtpOutputs[0].Layer);

        Answer(Video, c => c.Layer = 1);
        Assert.Equal(1, Streams[0].RtpOutputs[0].Layer);

        var refused = Answer(Video, c => c.Rid = "x");
        Assert.Equal("No such simulcast layer: x", refused.Text("error-reason"));
        Assert.Equal(1, Streams[0].RtpOutputs[0].Layer);
    }

    private static string Video => "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\nm=video 5000 RTP/AVPF 96\r\na=mid:v\r\n"
        + "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 goog-remb\r\n";

    private static string Repaired => Video.Replace("AVPF 96", "AVPF 96 97", StringComparison.Ordinal) + "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";

    private static string Layers => $"a=extmap:4 {Mid}\r\na=extmap:10 {Rid}\r\na=rid:q send\r\na=rid:f send\r\na=simulcast:send q;f\r\n";

    private StreamPlan[] Streams => _driver.Plan!.Streams;

    private string Publish(string sdp) => Run(new NgCommand { Verb = NgVerb.Publish, FromTag = "P", Sdp = sdp }, c => c.Codec.Accept.Add("all")).Text("sdp");

    private string Subscribe(Action<NgCommand>? change = null, string? answer = null)
    {
        string offer = Run(new NgCommand { Verb = NgVerb.SubscribeRequest, FromTag = "P", ToTag = "S" }, change).Text("sdp");
        Answer(answer ?? Video, null);
        return offer;
    }

    private NgDictionary Answer(string sdp, Action<NgCommand>? change) =>
        Run(new NgCommand { Verb = NgVerb.SubscribeAnswer, FromTag = "P", ToTag = "S", Sdp = sdp }, change);

    private NgDictionary Run(NgCommand command, Action<NgCommand>? change)
    {
        command.CallId = "call";
        change?.Invoke(command);
        return _driver.Run(command);
    }
}
