using RtpCluster.Media.Rtcp;

namespace RtpCluster.Unit.Media.Rtcp;

/// <summary>What is written can be read.</summary>
public sealed class RtcpWriterTests
{
    private readonly byte[] _buffer = new byte[200];

    [Fact]
    public void A_compound_is_well_formed()
    {
        var writer = new RtcpWriter(_buffer);
        writer.ReceiverReport(1);
        writer.AddBlock(0, new ReportBlock(2, 3, -4, 5, 6, 7, 8));
        writer.CanonicalName(1, 0xdeadbeef);
        writer.FullIntraRequest(1, 2, 9);
        writer.ReferenceAnswer(1, 2, 3);
        writer.TransportWide(1, 2, new byte[8]);

        var compound = _buffer.AsSpan(0, writer.Length);

        Assert.True(RtcpCompound.IsWellFormed(compound));
        var walk = new RtcpCompound(compound);
        Assert.True(walk.MoveNext());
        Assert.True(ReportBlock.TryParse(walk.Current, 0, out var block));
        Assert.Equal(new ReportBlock(2, 3, -4, 5, 6, 7, 8), block);
        Assert.True(walk.MoveNext());
        Assert.Equal("deadbeef"u8, walk.Current.Body.Slice(6, 8));
    }

    [Fact]
    public void Nacked_packets_near_each_other_share_an_item()
    {
        var writer = new RtcpWriter(_buffer);
        writer.Nack(1, 2, [65535, 0, 8, 9, 15, 16]);

        Assert.Equal(20, writer.Length);
        Assert.Equal([0xff, 0xff, 0b1000_0011, 0b0000_0001, 0, 16, 0, 0], _buffer[12..20]);
        Assert.True(RtcpCompound.IsWellFormed(_buffer.AsSpan(0, writer.Length)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(262_143)]
    [InlineData(5_000_000)]
    [InlineData(40_000_000_000)]
    public void A_bit_rate_is_kept_to_its_first_digits(long bitsPerSecond)
    {
        var writer = new RtcpWriter(_buffer);
        writer.EstimatedBitrate(1, 2, bitsPerSecond);

        var walk = new RtcpCompound(_buffer.AsSpan(0, writer.Length));
        Assert.True(walk.MoveNext());
        Assert.True(FeedbackPacket.TryParse(walk.Current, out var feedback));
        Assert.True(feedback.TryGetEstimate(out long read));
        Assert.InRange(read, bitsPerSecond - (bitsPerSecond / 100_000) - 0, bitsPerSecond);
    }

    [Fact]
    public void What_finds_no_room_is_left_out()
    {
        var writer = new RtcpWriter(_buffer.AsSpan(0, 20));
        writer.ReceiverReport(1);
        writer.AddBlock(0, default);
        writer.PictureLoss(1, 2);
        writer.Nack(1, 2, [1]);
        writer.PictureLoss(1, 2);

        Assert.Equal(20, writer.Length);
        Assert.True(RtcpCompound.IsWellFormed(_buffer.AsSpan(0, 20)));
    }
}
