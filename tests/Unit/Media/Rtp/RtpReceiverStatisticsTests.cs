using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;

namespace RtpCluster.Unit.Media.Rtp;

public sealed class RtpReceiverStatisticsTests
{
    private const int Clock = 8000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32767)]
    [InlineData(32768)]
    [InlineData(65530)]
    public void Loss_is_what_was_expected_less_what_came_also_over_the_wrap(int first)
    {
        var statistics = default(RtpReceiverStatistics);
        for (var i = 0; i < 100; i++)
        {
            if (i % 10 != 5)
            {
                Assert.Equal(RtpArrival.InOrder, Add(ref statistics, first + i));
            }
        }

        Assert.Equal(10, statistics.Lost);
        Assert.Equal(100, statistics.Expected);
        Assert.Equal(90, statistics.Packets);
        Assert.Equal((ulong)first + 99, statistics.HighestSequence);
    }

    [Fact]
    public void Late_packets_are_reordered_and_no_loss()
    {
        var statistics = default(RtpReceiverStatistics);
        foreach (var sequence in new[] { 65534, 0, 65535, 2, 1 })
        {
            Add(ref statistics, sequence);
        }

        Assert.Equal(2, statistics.Reordered);
        Assert.Equal(0, statistics.Lost);
        Assert.Equal(0x10002u, statistics.HighestSequence);
    }

    [Fact]
    public void Duplicates_are_counted_and_make_loss_negative()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 10);
        Add(ref statistics, 11);
        Assert.Equal(RtpArrival.Duplicate, Add(ref statistics, 11));
        Assert.Equal(RtpArrival.Duplicate, Add(ref statistics, 10));

        Assert.Equal(2, statistics.Duplicates);
        Assert.Equal(-2, statistics.Lost);
    }

    [Fact]
    public void A_packet_from_before_the_first_one_is_no_gain()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 10);
        Assert.Equal(RtpArrival.Reordered, Add(ref statistics, 9));

        Assert.Equal(0, statistics.Lost);
    }

    [Fact]
    public void A_restarted_sender_keeps_earlier_losses_and_makes_no_new_ones()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 1);
        Add(ref statistics, 4);
        Assert.Equal(RtpArrival.Jump, Add(ref statistics, 40000));
        Assert.Equal(RtpArrival.InOrder, Add(ref statistics, 40001));
        Add(ref statistics, 40003);

        Assert.Equal(1, statistics.Restarts);
        Assert.Equal(3, statistics.Lost);
        Assert.Equal(40003u, statistics.HighestSequence);
    }

    [Fact]
    public void One_stray_packet_is_no_restart()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 1);
        Assert.Equal(RtpArrival.Jump, Add(ref statistics, 40000));
        Assert.Equal(RtpArrival.InOrder, Add(ref statistics, 2));
        Assert.Equal(RtpArrival.Jump, Add(ref statistics, 40001));

        Assert.Equal(0, statistics.Restarts);
        Assert.Equal(0, statistics.Lost);
    }

    [Fact]
    public void Fraction_lost_covers_the_time_since_the_last_report()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 1);
        Add(ref statistics, 4);
        Assert.Equal(128, statistics.TakeFractionLost());

        Add(ref statistics, 5);
        Assert.Equal(0, statistics.TakeFractionLost());
        Assert.Equal(0, statistics.TakeFractionLost());
    }

    [Fact]
    public void Even_arrivals_have_no_jitter()
    {
        var statistics = default(RtpReceiverStatistics);
        for (var i = 0; i < 100; i++)
        {
            Add(ref statistics, i, timestamp: uint.MaxValue - 1000 + (uint)(160 * i), at: 20_000 * i);
        }

        Assert.Equal(0u, statistics.Jitter);
    }

    [Fact]
    public void Jitter_moves_by_a_sixteenth_of_each_difference()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 0, 0, 0);
        Add(ref statistics, 1, 160, 20_000);
        Add(ref statistics, 2, 320, 60_000);
        Assert.Equal(10u, statistics.Jitter);
        Assert.Equal(1_250, statistics.JitterMicros);

        Add(ref statistics, 3, 480, 60_000);
        Assert.Equal(19u, statistics.Jitter);
    }

    [Fact]
    public void A_new_timestamp_base_is_no_jitter()
    {
        var statistics = default(RtpReceiverStatistics);
        Add(ref statistics, 0, 0, 0);
        Add(ref statistics, 1, 160, 20_000);
        Add(ref statistics, 2, 0x7000_0000, 40_000);

        Assert.Equal(0u, statistics.Jitter);
    }

    [Theory]
    [InlineData(5, 6, 6)]
    [InlineData(0xffff, 0, 0x10000)]
    [InlineData(0x10000, 0xffff, 0xffff)]
    [InlineData(0, 0xffff, 0xffff)]
    [InlineData(0x7fff, 0xffff, 0xffff)]
    [InlineData(0x1_7fff, 0xffff, 0x1_ffff)]
    [InlineData(0x1_7ffe, 0xffff, 0xffff)]
    [InlineData(0x1_8000, 0, 0x1_0000)]
    [InlineData(0x1_8001, 0, 0x2_0000)]
    public void Sequence_numbers_are_extended_to_the_nearest(ulong highest, ushort sequence, ulong expected) =>
        Assert.Equal(expected, ExtendedSequence.Guess(highest, sequence));

    private static RtpArrival Add(ref RtpReceiverStatistics statistics, int sequence, uint timestamp = 0, long at = 0) =>
        statistics.Add((ushort)sequence, timestamp, 172, new Instant(at), Clock);
}
