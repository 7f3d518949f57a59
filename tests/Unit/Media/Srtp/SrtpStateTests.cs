using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.Media.Srtp;

public sealed class SrtpStateTests
{
    private const SrtpSuite Suite = SrtpSuite.AesCm128HmacSha1_80;

    [Theory]
    [InlineData(Suite)]
    [InlineData(SrtpSuite.AeadAes128Gcm)]
    public void A_receiver_that_missed_a_whole_rollover_finds_the_index(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var received = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, false, 0x3_0064, 0));
        var sent = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, true, 0x4_0063, 0));

        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, SrtpSamples.Protected(context, ref sent, 200)));

        Assert.Equal(0x4_00c8u, received.RtpIndex);
    }

    [Fact]
    public void The_first_packet_may_come_from_behind_the_first_wrap()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var late = SrtpSamples.Protected(context, ref sent, 65535);
        var first = SrtpSamples.Protected(context, ref sent, 65536);

        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, first));
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, late));
        Assert.Equal(1u, received.RolloverCounter);
    }

    [Fact]
    public void A_packet_of_an_earlier_rollover_is_no_way_back()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = default(SrtpSsrcState);
        var old = SrtpSamples.Protected(context, ref sent, 500);
        var received = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, false, 0x2_0100, 0));

        Assert.Equal(SrtpResult.AuthenticationFailed, SrtpSamples.Unprotect(context, ref received, old));
        Assert.Equal(0x2_0100u, received.RtpIndex);
    }

    [Fact]
    public void An_inbound_checkpoint_refuses_all_up_to_it()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = default(SrtpSsrcState);
        var packets = Enumerable.Range(1, 5).Select(i => SrtpSamples.Protected(context, ref sent, i)).ToArray();
        var before = default(SrtpSsrcState);
        foreach (var packet in packets[..4])
        {
            SrtpSamples.Unprotect(context, ref before, packet);
        }

        var after = SrtpSsrcState.FromCheckpoint(before.ToCheckpoint(SrtpSamples.Ssrc, outbound: false));

        Assert.Equal(SrtpResult.Replayed, SrtpSamples.Unprotect(context, ref after, packets[3]));
        Assert.Equal(SrtpResult.Replayed, SrtpSamples.Unprotect(context, ref after, packets[0]));
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref after, packets[4]));
    }

    [Theory]
    [InlineData(0x1_fff0, 0xfff8, 0x1_fff8)]
    [InlineData(0x1_fff0, 3, 0x2_0003)]
    [InlineData(0x1_1000, 0x0e00, 0x1_0e00)]
    public void An_outbound_checkpoint_goes_on_with_the_next_sequence_number(ulong index, int sequence, ulong expected)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, true, index, 41));

        SrtpSamples.Protected(context, ref sent, sequence);
        var rtcp = SrtpSamples.Rtcp(out var length);
        context.ProtectRtcp(ref sent, rtcp, length);

        Assert.Equal(new SrtpCheckpoint(SrtpSamples.Ssrc, true, expected, 42), sent.ToCheckpoint(SrtpSamples.Ssrc, true));
    }

    [Fact]
    public void A_used_up_srtcp_index_sends_no_more()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, true, 0, 0x7fff_fffe));
        var rtcp = SrtpSamples.Rtcp(out var length);

        Assert.NotEqual(0, context.ProtectRtcp(ref sent, rtcp.ToArray(), length));
        Assert.Equal(0, context.ProtectRtcp(ref sent, rtcp, length));
    }

    [Fact]
    public void A_used_up_rtp_index_sends_no_more()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(Suite));
        var sent = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(SrtpSamples.Ssrc, true, 0xffff_ffff_fff0, 0));
        SrtpSamples.Protected(context, ref sent, 0xffff);

        Assert.Equal(0, context.ProtectRtp(ref sent, SrtpSamples.Rtp(0, out var length), length));
    }
}
