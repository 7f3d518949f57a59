using RtpCluster.CallModel;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Planning;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.CallModel;

public sealed class PlanCompilerTests
{
    private readonly CallState _state = new() { CallId = "call", Version = 7 };
    private readonly CallMedia _a;
    private readonly CallMedia _b;

    public PlanCompilerTests()
    {
        _a = AddMedia("A", 30000);
        _b = AddMedia("B", 30002);
        _state.Subscribe(_a, _b, offerAnswer: true);
    }

    [Fact]
    public void The_epoch_is_the_version() => Assert.Equal(7, Compile().Epoch);

    [Fact]
    public void A_subscription_makes_one_output_for_rtp_and_one_for_rtcp()
    {
        var plan = Compile();

        Assert.Equal([_b.RtpStream], Of(plan, _a.RtpStream).RtpOutputs.Select(o => o.To));
        Assert.Equal([_b.RtcpStream], Of(plan, _a.RtpStream).RtcpOutputs.Select(o => o.To));
        Assert.Equal([_b.RtcpStream], Of(plan, _a.RtcpStream).RtcpOutputs.Select(o => o.To));
        Assert.Empty(Of(plan, _b.RtpStream).RtpOutputs);
    }

    [Fact]
    public void A_muxed_subscriber_gets_rtcp_on_its_rtp_stream()
    {
        _b.Set(MediaFlags.RtcpMux);

        var plan = Compile();

        Assert.Equal([_b.RtpStream], Of(plan, _a.RtpStream).RtcpOutputs.Select(o => o.To));
        Assert.Equal(StreamKind.RtpMux, Of(plan, _b.RtpStream).Kind);
        Assert.DoesNotContain(plan.Streams, s => s.Id == _b.RtcpStream);
    }

    [Fact]
    public void A_feedback_subscription_carries_rtcp_only()
    {
        _state.Subscribe(_b, _a, offerAnswer: false).RtcpOnly = true;

        var stream = Of(Compile(), _b.RtpStream);

        Assert.Empty(stream.RtpOutputs);
        Assert.Equal([_a.RtcpStream], stream.RtcpOutputs.Select(o => o.To));
    }

    [Fact]
    public void An_egress_subscriber_gets_what_its_publisher_is_sent()
    {
        _state.FindSubscription(_a, _b)!.PayloadTypeMaps = [new(96, 111)];
        var tap = AddMedia("tap", 30004);
        var subscription = _state.Subscribe(_b, tap, offerAnswer: false);
        subscription.Egress = true;
        subscription.PayloadTypeMaps = [new(111, 99), new(8, 18)];

        var plan = Compile();

        var outputs = Of(plan, _a.RtpStream).RtpOutputs;
        Assert.Equal([_b.RtpStream, tap.RtpStream], outputs.Select(o => o.To));
        Assert.Equal([new(96, 99), new(8, 18)], outputs[1].PayloadTypeMaps);
        Assert.Empty(Of(plan, _b.RtpStream).RtpOutputs);
    }

    [Fact]
    public void Same_keys_pass_untouched_unless_something_must_change()
    {
        _a.DecryptKeys = Keys();
        _b.EncryptKeys = Keys();
        Assert.Equal(OutputFlags.SrtpPassthrough, Of(Compile(), _a.RtpStream).RtpOutputs[0].Flags);

        _state.FindSubscription(_a, _b)!.PayloadTypeMaps = [new(96, 111)];
        Assert.Equal(OutputFlags.None, Of(Compile(), _a.RtpStream).RtpOutputs[0].Flags);

        _state.FindSubscription(_a, _b)!.PayloadTypeMaps = [];
        _state.BlockDtmf = true;
        Assert.Equal(OutputFlags.BlockDtmf, Of(Compile(), _a.RtpStream).RtpOutputs[0].Flags);
    }

    [Fact]
    public void Blocking_and_silencing_act_per_call_participant_and_flow()
    {
        _state.SilenceMedia = true;
        _state.Monologues[0].BlockDtmf = true;
        _state.Subscriptions[0].BlockMedia = true;

        Assert.Equal(
            OutputFlags.Blocked | OutputFlags.Silenced | OutputFlags.BlockDtmf, Of(Compile(), _a.RtpStream).RtpOutputs[0].Flags);
    }

    [Fact]
    public void Nothing_is_sent_to_a_remote_that_needs_keys_and_has_none()
    {
        _b.Remote = NetEndpoint.Parse("198.51.100.2:4000");
        _b.Set(MediaFlags.NoKeys);

        Assert.True(Of(Compile(), _b.RtpStream).Remote.IsNone);
    }

    [Fact]
    public void The_idle_rule_tells_established_held_and_unanswered_streams_apart()
    {
        Assert.Equal((3600, IdleReason.OfferTimeout), Idle(_a));
        _a.Set(MediaFlags.Filled);
        Assert.Equal((60, IdleReason.Timeout), Idle(_a));
        Assert.True(Of(Compile(), _a.RtpStream).Flags.HasFlag(StreamFlags.CountsAsReceiving));
        _a.Set(MediaFlags.Send, false);
        Assert.Equal((3600, IdleReason.SilentTimeout), Idle(_a));
        Assert.False(Of(Compile(), _a.RtpStream).Flags.HasFlag(StreamFlags.CountsAsReceiving));
    }

    [Fact]
    public void Payload_types_carry_clock_and_silence()
    {
        _a.PrintedCodecs.Add(StaticPayloadTypes.Of(8)!);

        var type = Assert.Single(Of(Compile(), _a.RtpStream).PayloadTypes);

        Assert.Equal(new PayloadTypePlan(8, "PCMA", 8000, 0xd5, 160), type);
    }

    private (int, IdleReason) Idle(CallMedia media)
    {
        var stream = Of(Compile(), media.RtpStream);
        return (stream.IdleSeconds, stream.IdleReason);
    }

    private MediaPlan Compile() => PlanCompiler.Compile(_state, Requests.Config);

    private static StreamPlan Of(MediaPlan plan, StreamId id) => plan.Streams.Single(s => s.Id == id);

    private static SrtpKeys Keys() => new() { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = new byte[16], MasterSalt = new byte[14] };

    private CallMedia AddMedia(string tag, ushort port)
    {
        var media = _state.AddMedia(_state.AddMonologue(tag, default), "audio");
        var address = IpAddress.Parse("203.0.113.1");
        media.Transport = TransportNegotiation.Read("RTP/AVP");
        media.Ports = new PortPair(address, address, port, (ushort)(port + 1), default);
        return media;
    }
}
