using RtpCluster.Media.Rtcp;

namespace RtpCluster.Unit.Media.Rtcp;

public sealed class RtcpTests
{
    private const string Sr = "81c8000c" + "00000001" + "0102030405060708" + "0000000a" + "0000000b" + "0000000c"
        + "00000002" + "40fffffe" + "00010005" + "00000007" + "03040506" + "00008000";

    private const string Sdes = "82ca0006" + "00000001" + "0103616263" + "000000" + "00000002" + "0f0131" + "00" + "00000000";
    private const string Bye = "81cb0003" + "00000001" + "03627965" + "00000000";
    private const string Pli = "81ce0002" + "00000001" + "00000002";
    private const string Nack = "81cd0003" + "00000001" + "00000002" + "00050000";
    private const string App = "83cc0003" + "00000001" + "74657374" + "deadbeef";

    private const string Xr = "80cf0008" + "00000001" + "04000002" + "0102030405060708" + "05000003" + "00000002" + "03040506" + "00010000";

    [Fact]
    public void A_compound_is_walked_to_its_end()
    {
        var types = new List<RtcpType>();
        foreach (var packet in new RtcpCompound(Hex(Sr + Sdes + Pli)))
        {
            types.Add(packet.Type);
        }

        Assert.Equal([RtcpType.SenderReport, RtcpType.SourceDescription, RtcpType.PayloadFeedback], types);
        Assert.True(RtcpCompound.IsWellFormed(Hex(Sr + Sdes + Pli)));
        Assert.False(RtcpCompound.IsWellFormed(Hex(Sr + "80c9")));
        Assert.False(RtcpCompound.IsWellFormed(Hex("81c90007")));
        Assert.False(RtcpCompound.IsWellFormed([]));
    }

    [Fact]
    public void Sender_report_and_its_block_are_read()
    {
        var packet = First(Sr);

        Assert.True(SenderReport.TryParse(packet, out var report));
        Assert.Equal(new SenderReport(1, 0x0102030405060708, 10, 11, 12), report);
        Assert.Equal(0x03040506u, report.NtpMiddle);
        Assert.True(ReportBlock.TryParse(packet, 0, out var block));
        Assert.Equal(new ReportBlock(2, 0x40, -2, 0x10005, 7, 0x03040506, 0x8000), block);
        Assert.False(ReportBlock.TryParse(packet, 1, out _));
        Assert.False(ReportBlock.TryParse(packet, -1, out _));
    }

    [Fact]
    public void Receiver_report_has_its_blocks_behind_the_ssrc()
    {
        var packet = First("81c90007" + "00000009" + Sr[56..]);

        Assert.True(packet.TryGetSsrc(out var ssrc));
        Assert.Equal(9u, ssrc);
        Assert.True(ReportBlock.TryParse(packet, 0, out var block));
        Assert.Equal(2u, block.Ssrc);
    }

    [Fact]
    public void Sdes_items_are_walked_over_chunks()
    {
        var items = new List<string>();
        foreach (var item in new SourceDescription(First(Sdes)))
        {
            items.Add($"{item.Ssrc} {item.Type} {System.Text.Encoding.ASCII.GetString(item.Value)}");
        }

        Assert.Equal(["1 Cname abc", "2 Mid 1"], items);
    }

    [Fact]
    public void Goodbye_names_sources_and_reason()
    {
        Assert.True(Goodbye.TryParse(First(Bye), out var goodbye));

        Assert.Equal(1, goodbye.Count);
        Assert.Equal(1u, goodbye[0]);
        Assert.Equal("bye"u8, goodbye.Reason);
        Assert.False(Goodbye.TryParse(First("82cb0001" + "00000001"), out _));
    }

    [Fact]
    public void Feedback_and_application_packets_are_read()
    {
        Assert.True(FeedbackPacket.TryParse(First(Nack), out var nack));
        Assert.Equal((RtcpType.TransportFeedback, 1, 1u, 2u), (nack.Type, nack.Format, nack.Sender, nack.Media));
        Assert.Equal(Hex("00050000"), nack.Control);
        Assert.False(FeedbackPacket.TryParse(First(Sr), out _));

        Assert.True(ApplicationPacket.TryParse(First(App), out var application));
        Assert.Equal((3, 1u, 0x74657374u), (application.Subtype, application.Ssrc, application.Name));
        Assert.Equal(Hex("deadbeef"), application.Data);
    }

    [Fact]
    public void Extended_report_tells_reference_time_and_delay()
    {
        var found = 0;
        foreach (var block in new ExtendedReport(First(Xr)))
        {
            if (block.TryGetReferenceTime(out var ntp))
            {
                Assert.Equal(0x0102030405060708ul, ntp);
                found++;
            }

            if (block.TryGetDelay(0, out var delay))
            {
                Assert.Equal(new DelaySinceReference(2, 0x03040506, 0x10000), delay);
                Assert.False(block.TryGetDelay(1, out _));
                found++;
            }
        }

        Assert.Equal(2, found);
    }

    [Theory]
    [InlineData(Sr + Pli, Sr)]
    [InlineData(Pli + Sr + Nack + Sdes, Sr + Sdes)]
    [InlineData(Pli + Nack, "")]
    [InlineData(Sr + Sdes + Bye, Sr + Sdes + Bye)]
    [InlineData(Pli + Xr, Xr)]
    [InlineData(Pli + "80c9", "80c9")]
    [InlineData("", "")]
    public void Feedback_filter_takes_feedback_out(string compound, string expected)
    {
        var bytes = Hex(compound);

        var length = RtcpFeedbackFilter.Strip(bytes, bytes.Length);

        Assert.Equal(expected, Convert.ToHexStringLower(bytes.AsSpan(0, length)));
    }

    private static RtcpPacket First(string hex)
    {
        var walk = new RtcpCompound(Hex(hex));
        Assert.True(walk.MoveNext());
        return walk.Current;
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
