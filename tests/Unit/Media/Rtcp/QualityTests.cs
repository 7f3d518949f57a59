using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;

namespace RtpCluster.Unit.Media.Rtcp;

public sealed class QualityTests
{
    private static readonly QualityRule Conversational = new(MosModel.Conversational, 8000, false);

    [Theory]
    [InlineData(MosModel.Conversational, false, 0, 0, 0, 43)]
    [InlineData(MosModel.Conversational, false, 0, 10, 100_000, 42)]
    [InlineData(MosModel.Conversational, false, 5, 10, 100_000, 33)]
    [InlineData(MosModel.Conversational, false, 0, 0, 800_000, 28)]
    [InlineData(MosModel.Listening, false, 0, 0, 800_000, 43)]
    [InlineData(MosModel.FullBand, true, 0, 0, 100_000, 44)]
    [InlineData(MosModel.FullBand, true, 10, 20, 400_000, 16)]
    [InlineData(MosModel.FullBand, false, 0, 0, 800_000, 28)]
    [InlineData(MosModel.Legacy, false, 0, 0, 0, 44)]
    [InlineData(MosModel.Legacy, false, 10, 0, 300_000, 25)]
    [InlineData(MosModel.Legacy, false, 100, 0, 0, 10)]
    public void Mos_follows_the_formula_of_its_model(MosModel model, bool fullBand, double loss, double jitter, long roundTrip, int mos) =>
        Assert.Equal(mos, MosCalculator.Calculate(model, fullBand, loss, jitter, roundTrip));

    [Fact]
    public void The_first_sample_comes_when_both_legs_round_trip_is_known()
    {
        var a = new SsrcQuality();
        var b = new SsrcQuality();
        a.SenderReportPassed(100, At(0));
        b.SenderReportPassed(200, At(0));

        // b answers after 500 ms, of which it held the report back for 450 ms: 50 ms.
        Assert.False(b.BlockReported(Block(100, 29491), a, Conversational, At(500)));
        Assert.InRange(b.RoundTripMicros, 49_900, 50_100);
        Assert.Equal(0, b.Samples.Count);

        Assert.True(a.BlockReported(Block(200, 29491), b, Conversational, At(520)));
        var sample = a.Samples.Total!;
        Assert.InRange(sample.RttLegMicros, 69_900, 70_100);
        Assert.InRange(sample.RttMicros, 119_900, 120_100);
        Assert.Equal(42, sample.Mos);
        Assert.Equal(0, b.Samples.Count);
    }

    [Fact]
    public void A_round_trip_that_is_not_positive_gives_no_sample()
    {
        var a = new SsrcQuality();
        var b = new SsrcQuality();
        a.SenderReportPassed(100, At(0));

        Assert.False(b.BlockReported(Block(100, 197), a, Conversational, At(3)));
        Assert.Equal(0, b.RoundTripMicros);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(99u)]
    public void A_report_that_did_not_pass_here_tells_nothing(uint lastReport)
    {
        var a = new SsrcQuality();
        a.SenderReportPassed(100, At(0));

        Assert.False(new SsrcQuality().BlockReported(Block(lastReport, 0), a, Conversational, At(10)));
    }

    [Fact]
    public void Listening_quality_needs_no_round_trip()
    {
        var b = new SsrcQuality();

        Assert.True(b.BlockReported(Block(0, 0), new SsrcQuality(), new QualityRule(MosModel.Listening, 8000, false), At(0)));

        Assert.Equal(43, b.Samples.Total!.Mos);
    }

    [Fact]
    public void Loss_and_jitter_are_booked_in_percent_and_ms()
    {
        var b = new SsrcQuality();
        var block = Block(0, 0) with { FractionLost = 64, Jitter = 160 };

        b.BlockReported(block, new SsrcQuality(), new QualityRule(MosModel.Listening, 8000, false), At(0));

        Assert.Equal((25, 20), (b.Samples.Total!.LossPercent, b.Samples.Total.JitterMillis));
    }

    [Fact]
    public void Extended_reports_tell_the_round_trip_too()
    {
        var a = new SsrcQuality();
        var b = new SsrcQuality();
        b.ReferencePassed(300, At(0));

        Assert.True(a.DelayReported(new DelaySinceReference(2, 300, 65536), b, At(1030)));
        Assert.InRange(a.RoundTripMicros, 29_900, 30_100);
        Assert.False(a.DelayReported(new DelaySinceReference(2, 301, 65536), b, At(1030)));
    }

    [Fact]
    public void Only_the_last_ten_reports_are_remembered()
    {
        var history = default(RoundTripHistory);
        for (uint i = 1; i <= 11; i++)
        {
            history.Add(i, At(i));
        }

        Assert.False(history.TryMeasure(1, 0, At(100), out _));
        Assert.True(history.TryMeasure(2, 0, At(100), out var micros));
        Assert.Equal(98_000, micros);
    }

    [Fact]
    public void Samples_less_than_a_second_apart_are_left_out()
    {
        var tracker = default(QualityTracker);

        Assert.True(tracker.Add(Sample(0, 40)));
        Assert.False(tracker.Add(Sample(999, 20)));
        Assert.True(tracker.Add(Sample(1000, 30)));

        Assert.Equal((2, 70, 2), (tracker.Count, tracker.Total!.Mos, tracker.Total.Samples));
    }

    [Fact]
    public void Lowest_and_highest_are_kept_with_their_time()
    {
        var tracker = default(QualityTracker);
        int[] scores = [40, 20, 43, 20, 43];
        for (var i = 0; i < scores.Length; i++)
        {
            tracker.Add(Sample(5000 * i, scores[i]));
        }

        Assert.Equal((20, At(5000)), (tracker.Lowest!.Mos, tracker.Lowest.At));
        Assert.Equal((43, At(10_000)), (tracker.Highest!.Mos, tracker.Highest.At));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(17, 9)]
    [InlineData(1000, 16)]
    public void Progression_is_halved_when_it_gets_long(int samples, int entries)
    {
        var tracker = default(QualityTracker);
        for (var i = 0; i < samples; i++)
        {
            tracker.Add(Sample(5000L * i, 10 + (i % 30)));
        }

        var progression = tracker.Progression();

        Assert.Equal(entries, progression.Length);
        Assert.Equal(samples, progression.Sum(p => p.Samples));
        Assert.Equal(progression.OrderBy(p => p.At), progression);
    }

    [Fact]
    public void Progression_interval_is_the_time_between_entries()
    {
        var tracker = default(QualityTracker);
        Assert.Equal(0, tracker.ProgressionInterval);
        for (var i = 0; i < 4; i++)
        {
            tracker.Add(Sample(5000L * i, 40));
        }

        Assert.Equal(5, tracker.ProgressionInterval);
    }

    private static Instant At(long millis) => new(1_000_000_000 + (millis * 1000));

    private static ReportBlock Block(uint lastReport, uint delay) => new(1, 0, 0, 0, 0, lastReport, delay);

    private static QualitySample Sample(long millis, int mos) => new(At(millis), mos, 0, 0, 0, 0, 1);
}
