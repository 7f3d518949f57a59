using RtpCluster.CallModel;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Statistics;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.CallModel.Statistics;

public class CallReportTests
{
    private const long Start = 1795295972;

    [Fact]
    public void EveryLineOfARealReplyIsThereInItsOrder()
    {
        var (state, statistics) = RealCall();

        // The real reply lists the callee first: it was asked for by to-tag.
        var report = CallReport.Format(state, statistics, monologues: [state.Monologues[1], state.Monologues[0]]).Add("result", "ok");

        var lines = Flatten.Lines(report);
        int at = 0;
        foreach (string expected in RealQuery.Lines.Split('\n'))
        {
            int found = lines.IndexOf(expected.TrimEnd('\r'), at);
            Assert.True(found >= 0, $"missing or out of order: {expected}\n{string.Join('\n', lines)}");
            at = found + 1;
        }
    }

    [Fact]
    public void SilentStreamsPrintTheCallsBeginningAsLastPacketAndNoSsrc()
    {
        var (state, _) = RealCall();

        var lines = Flatten.Lines(CallReport.Format(state, null));

        Assert.Contains($"/tags/30c09c0ccbfe5167/medias/0/streams/0/last packet={Start}", lines);
        Assert.DoesNotContain(lines, l => l.Contains("/SSRC="));
        Assert.Contains("/totals/RTP/packets=0", lines);
    }

    [Theory]
    [InlineData(SsrcReporting.Full, true, true)]
    [InlineData(SsrcReporting.Global, true, false)]
    [InlineData(SsrcReporting.Inline, false, true)]
    [InlineData(SsrcReporting.None, false, false)]
    public void SsrcReportingMovesOrOmitsTheSsrcStatistics(SsrcReporting reporting, bool global, bool inline)
    {
        var (state, statistics) = RealCall();

        var lines = Flatten.Lines(CallReport.Format(state, statistics, reporting));

        Assert.Equal(global, lines.Exists(l => l.StartsWith("/SSRC/679254768/average MOS/MOS=", StringComparison.Ordinal)));
        Assert.Equal(inline, lines.Exists(l => l.Contains("/ingress SSRCs/0/average MOS/MOS=")));
        Assert.Contains("/tags/30c09c0ccbfe5167/medias/0/streams/0/SSRC=679254768", lines);
    }

    [Fact]
    public void OneSsrcOnBothSidesIsOneEntryWithTheSamplesThereAre()
    {
        var (state, statistics) = RealCall();
        var quiet = new SsrcStatistics { Ssrc = 2020484328, Packets = 1_000_000 };
        statistics.Streams[2] = statistics.Streams[2] with { Ssrcs = [quiet] };

        var lines = Flatten.Lines(CallReport.Format(state, statistics));

        Assert.Single(lines, l => l.StartsWith("/SSRC/2020484328/packets=", StringComparison.Ordinal));
        Assert.Contains("/SSRC/2020484328/packets=1000000", lines);
        Assert.Contains("/SSRC/2020484328/average MOS/MOS=44", lines);
    }

    [Fact]
    public void UntaggedMonologuesAliasesAndPubSubAreNamed()
    {
        var state = new CallState { CallId = "c" };
        var publisher = state.AddMonologue("pub", default);
        var subscriber = state.AddMonologue(null, default);
        publisher.Aliases.Add("old");
        publisher.ViaBranch = "z9";
        state.Subscribe(state.AddMedia(publisher, "audio"), state.AddMedia(subscriber, "audio"), offerAnswer: false);

        var lines = Flatten.Lines(CallReport.Format(state, null));

        Assert.Contains("/tags/pub/via-branch=\"z9\"", lines);
        Assert.Contains("/tags/pub/tag-aliases=[old]", lines);
        Assert.Contains($"/tags/pub/subscribers/0/tag=\"<untagged {subscriber.Id}>\"", lines);
        Assert.Contains("/tags/pub/subscribers/0/type=\"pub/sub\"", lines);
        Assert.Contains($"/tags/<untagged {subscriber.Id}>/subscriptions/0/tag=\"pub\"", lines);
    }

    [Fact]
    public void ForwardingIsVisible()
    {
        var state = new CallState { CallId = "c", Forwarding = true };
        state.AddMonologue("a", default).Forwarding = true;

        var lines = Flatten.Lines(CallReport.Format(state, null));

        Assert.Contains("/recording/forwarding=1", lines);
        Assert.Contains("/tags/a/recording/forwarding=1", lines);
    }

    private static (CallState State, CallStatistics Statistics) RealCall()
    {
        var created = new Instant((Start * 1_000_000) + 153315);
        var state = new CallState { CallId = "c", Created = created, LastSignal = created };
        var caller = Party(state, created, "30c09c0ccbfe5167", "A", 30182, "198.51.100.11", 20064);
        var callee = Party(state, created, "f9df90ecd52585ea", "B", 30170, "198.51.100.21", 20036);
        state.Subscribe(caller, callee, offerAnswer: true);
        state.Subscribe(callee, caller, offerAnswer: true);
        var calleeQuality = Ssrc(
            2020484328,
            1,
            [Sample(10, 473, 117, 1), Sample(15, 1233, 826, 1), Sample(20, 1041, 634, 1), Sample(25, 578, 171, 3)],
            Sample(10, 473, 117, 1),
            new QualitySample(default, 176, 0, 6, 3325, 1748, 4));
        var callerQuality = Ssrc(
            679254768,
            2,
            [
                Sample(5, 0, 356, 1) with { Mos = 0 }, Sample(10, 524, 407, 1), Sample(15, 826, 0, 2), Sample(20, 634, 0, 1),
                Sample(25, 507, 336, 1),
            ],
            Sample(10, 524, 407, 1),
            new QualitySample(default, 176, 0, 5, 2491, 743, 4));
        return (state, new CallStatistics
        {
            CallId = new CallId("c"),
            Streams =
            [
                Stream(callee.RtpStream, calleeQuality, new Counters(1350, 232200, 0), 27, callee.Remote),
                Stream(callee.RtcpStream, new SsrcStatistics { Ssrc = 2020484328 }, new Counters(6, 436, 0), 25, callee.RemoteRtcp),
                Stream(caller.RtpStream, callerQuality, new Counters(1350, 232200, 0), 27, caller.Remote),
                Stream(caller.RtcpStream, new SsrcStatistics { Ssrc = 679254768 }, new Counters(7, 508, 0), 27, caller.RemoteRtcp),
            ],
        });
    }

    private static CallMedia Party(CallState state, Instant created, string tag, string label, ushort port, string address, ushort remotePort)
    {
        var monologue = state.AddMonologue(tag, created);
        monologue.Label = label;
        var media = state.AddMedia(monologue, "audio");
        var local = IpAddress.Parse("203.0.113.1");
        media.Ports = new PortPair(local, local, port, (ushort)(port + 1), default);
        media.Remote = new NetEndpoint(IpAddress.Parse(address), remotePort);
        media.RemoteRtcp = media.Remote with { Port = (ushort)(remotePort + 1) };
        media.Transport = TransportNegotiation.Read("RTP/AVP");
        media.Codecs = [new SdpCodec { PayloadType = 8, Name = "PCMA", ClockRate = 8000 }];
        media.Set(MediaFlags.Filled);
        return media;
    }

    private static StreamStatistics Stream(StreamId id, SsrcStatistics ssrc, Counters input, int lastPacket, NetEndpoint endpoint) => new()
    {
        Id = id,
        In = input,
        LastPacket = new Instant((Start + lastPacket) * 1_000_000),
        Endpoint = endpoint,
        Confirmed = true,
        Ssrcs = [ssrc],
    };

    private static SsrcStatistics Ssrc(uint ssrc, int interval, QualitySample[] progression, QualitySample extreme, QualitySample sum) => new()
    {
        Ssrc = ssrc,
        Packets = 1350,
        Bytes = 232200,
        Average = sum,
        Lowest = extreme,
        Highest = extreme,
        Progression = progression,
        ProgressionInterval = interval,
    };

    private static QualitySample Sample(int at, int rtt, int rttLeg, int jitter) =>
        new(new Instant((Start + at) * 1_000_000), 44, 0, jitter, rtt, rttLeg, 1);
}
