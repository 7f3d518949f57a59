using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.Media.Srtp;

public sealed class SrtpRejectionTests
{
    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void A_replayed_packet_is_refused(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var first = SrtpSamples.Protected(context, ref sent, 1);
        var second = SrtpSamples.Protected(context, ref sent, 2);

        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, second));
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, first));
        Assert.Equal(SrtpResult.Replayed, SrtpSamples.Unprotect(context, ref received, first));
        Assert.Equal(SrtpResult.Replayed, SrtpSamples.Unprotect(context, ref received, second));
    }

    [Fact]
    public void The_replay_window_holds_128_packets()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packets = Enumerable.Range(0, 130).Select(i => SrtpSamples.Protected(context, ref sent, i)).ToArray();

        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packets[129]));
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packets[2]));
        Assert.Equal(SrtpResult.TooOld, SrtpSamples.Unprotect(context, ref received, packets[1]));
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void A_replayed_or_altered_srtcp_packet_is_refused(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packet = SrtpSamples.Rtcp(out var plain);
        var length = context.ProtectRtcp(ref sent, packet, plain);
        packet = packet[..length];
        for (var i = 2; i < length; i++)
        {
            var altered = packet.ToArray();
            altered[i] ^= 0x40;
            Assert.False(context.TryUnprotectRtcp(ref received, altered, out _, out var result));
            Assert.Equal(SrtpResult.AuthenticationFailed, result);
        }

        Assert.True(context.TryUnprotectRtcp(ref received, packet.ToArray(), out _, out _));
        Assert.False(context.TryUnprotectRtcp(ref received, packet, out _, out var replayed));
        Assert.Equal(SrtpResult.Replayed, replayed);
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.SuitesAndBackends), MemberType = typeof(SrtpSamples))]
    public void Altered_packets_are_refused_and_change_nothing(SrtpSuite suite, int backend)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite), (CryptoBackend)backend);
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, SrtpSamples.Protected(context, ref sent, 1)));
        var packet = SrtpSamples.Protected(context, ref sent, 2);
        for (var i = 1; i < packet.Length; i++)
        {
            var altered = packet.ToArray();
            altered[i] ^= 0x10;
            Assert.NotEqual(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, altered));
        }

        Assert.Equal(1u, received.RtpIndex);
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packet));
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Truncated_packets_are_refused(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packet = SrtpSamples.Protected(context, ref sent, 1, payload: 30);
        var rtcp = SrtpSamples.Rtcp(out var plain);
        var rtcpLength = context.ProtectRtcp(ref sent, rtcp, plain);

        for (var length = 0; length < packet.Length; length++)
        {
            Assert.NotEqual(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packet[..length]));
        }

        for (var length = 0; length < rtcpLength; length++)
        {
            Assert.False(context.TryUnprotectRtcp(ref received, rtcp.AsSpan(0, length), out _, out var result));
            Assert.Contains(result, new[] { SrtpResult.Malformed, SrtpResult.AuthenticationFailed });
        }
    }

    [Fact]
    public void A_packet_under_another_key_is_refused()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80, 1));
        using var other = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80, 9));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);

        Assert.Equal(SrtpResult.AuthenticationFailed, SrtpSamples.Unprotect(other, ref received, SrtpSamples.Protected(context, ref sent, 1)));
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void No_index_is_used_twice_for_sending(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        SrtpSamples.Protected(context, ref sent, 1000);
        SrtpSamples.Protected(context, ref sent, 999);
        foreach (var used in new[] { 1000, 999, 1000 - 128 })
        {
            var packet = SrtpSamples.Rtp(used, out var length);
            var before = packet.ToArray();
            Assert.Equal(0, context.ProtectRtp(ref sent, packet, length));
            Assert.Equal(before, packet);
        }
    }

    [Fact]
    public void What_cannot_be_protected_is_refused()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80));
        var state = default(SrtpSsrcState);
        var packet = SrtpSamples.Rtp(1, out var length);

        Assert.Equal(0, context.ProtectRtp(ref state, packet.AsSpan(0, length + 9), length));
        Assert.Equal(0, context.ProtectRtp(ref state, packet, packet.Length + 1));
        Assert.Equal(0, context.ProtectRtp(ref state, packet, -1));
        Assert.Equal(0, context.ProtectRtp(ref state, packet, 11));
        Assert.Equal(0, context.ProtectRtcp(ref state, packet, length));
        Assert.Equal(0u, state.RtpIndex);
    }
}
