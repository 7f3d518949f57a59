using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;
using RtpCluster.TestKit;

namespace RtpCluster.Unit.Media.Srtp;

public sealed class SrtpRoundTripTests
{
    [Theory]
    [MemberData(nameof(SrtpSamples.SuitesAndBackends), MemberType = typeof(SrtpSamples))]
    public void Rtp_comes_back_with_loss_and_reordering_over_the_wrap(SrtpSuite suite, int backend)
    {
        using var sender = SrtpContext.Create(SrtpSamples.Keys(suite), (CryptoBackend)backend);
        using var receiver = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packets = new List<(int Sequence, byte[] Packet)>();
        for (var i = 65480; i < 65600; i++)
        {
            packets.Add((i, SrtpSamples.Protected(sender, ref sent, i, payload: i - 65400)));
        }

        // Every seventh is lost, pairs of the others change places.
        packets.RemoveAll(p => p.Sequence % 7 == 0);
        for (var i = 0; i + 1 < packets.Count; i += 2)
        {
            (packets[i], packets[i + 1]) = (packets[i + 1], packets[i]);
        }

        foreach (var (sequence, packet) in packets)
        {
            Assert.True(receiver.TryUnprotectRtp(ref received, packet, out var length, out var result), result.ToString());
            Assert.Equal(SrtpSamples.Rtp(sequence, out var expected, sequence - 65400)[..expected], packet[..length]);
        }

        Assert.Equal(1u, received.RolloverCounter);
        Assert.Equal(65599u, received.RtpIndex);
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.SuitesAndBackends), MemberType = typeof(SrtpSamples))]
    public void Rtcp_comes_back(SrtpSuite suite, int backend)
    {
        using var sender = SrtpContext.Create(SrtpSamples.Keys(suite), (CryptoBackend)backend);
        using var receiver = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        for (uint index = 1; index <= 3; index++)
        {
            var packet = SrtpSamples.Rtcp(out var plainLength);
            var plain = packet[..plainLength];
            var length = sender.ProtectRtcp(ref sent, packet, plainLength);
            Assert.Equal(plainLength + sender.RtcpOverhead, length);

            Assert.True(receiver.TryUnprotectRtcp(ref received, packet.AsSpan(0, length), out var back, out _));
            Assert.Equal(plain, packet[..back]);
            Assert.Equal(index, received.RtcpIndex);
        }
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Payload_is_unreadable_unless_the_suite_has_no_cipher(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var state = default(SrtpSsrcState);

        var packet = SrtpSamples.Protected(context, ref state, 1);

        var plain = SrtpSamples.Rtp(1, out var length);
        Assert.Equal(plain[..12], packet[..12]);
        Assert.Equal(SrtpSuiteInfo.Of(suite).Cipher == SrtpCipher.Null, plain.AsSpan(12, length - 12).SequenceEqual(packet.AsSpan(12, length - 12)));
    }

    [Fact]
    public void Tags_have_the_suites_lengths_and_rtcp_keeps_the_long_one()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_32));

        Assert.Equal(4, context.RtpOverhead);
        Assert.Equal(14, context.RtcpOverhead);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1460)]
    public void Payloads_of_any_length_come_back(int payload)
    {
        foreach (var suite in SrtpSuiteInfo.All)
        {
            using var context = SrtpContext.Create(SrtpSamples.Keys(suite.Suite));
            var sent = default(SrtpSsrcState);
            var received = default(SrtpSsrcState);
            var packet = SrtpSamples.Protected(context, ref sent, 7, payload);

            Assert.True(context.TryUnprotectRtp(ref received, packet, out var length, out _));
            Assert.Equal(SrtpSamples.Rtp(7, out var plain, payload)[..plain], packet[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Header_extension_and_csrc_list_stay_readable(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite));
        var header = Convert.FromHexString("9108000100000002cafe0001000000aabede000110ff0000");
        byte[] packet = [.. header, .. SrtpSamples.Bytes(40, 1), .. new byte[SrtpSamples.Room]];
        var plain = packet[..(header.Length + 40)];
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);

        var length = context.ProtectRtp(ref sent, packet, plain.Length);
        Assert.Equal(header, packet[..header.Length]);

        Assert.True(context.TryUnprotectRtp(ref received, packet.AsSpan(0, length), out length, out _));
        Assert.Equal(plain, packet[..length]);
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Master_key_identifier_is_sent_and_checked(SrtpSuite suite)
    {
        var keys = SrtpSamples.Keys(suite) with { Mki = [1, 2, 3] };
        using var sender = SrtpContext.Create(keys);
        using var other = SrtpContext.Create(keys with { Mki = [1, 2, 4] });
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packet = SrtpSamples.Protected(sender, ref sent, 1);
        var rtcp = SrtpSamples.Rtcp(out var plainLength);
        var rtcpLength = sender.ProtectRtcp(ref sent, rtcp, plainLength);

        Assert.Equal(SrtpResult.UnknownMki, SrtpSamples.Unprotect(other, ref received, packet));
        Assert.False(other.TryUnprotectRtcp(ref received, rtcp.AsSpan(0, rtcpLength), out _, out var result));
        Assert.Equal(SrtpResult.UnknownMki, result);

        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(sender, ref received, packet));
        Assert.True(sender.TryUnprotectRtcp(ref received, rtcp.AsSpan(0, rtcpLength), out var length, out _));
        Assert.Equal(SrtpSamples.Rtcp(out _)[..plainLength], rtcp[..length]);
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Unencrypted_packets_are_authenticated_all_the_same(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite) with { UnencryptedSrtp = true, UnencryptedSrtcp = true });
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packet = SrtpSamples.Protected(context, ref sent, 1);
        Assert.Equal(SrtpSamples.Rtp(1, out var plain)[..plain], packet[..plain]);
        var rtcp = SrtpSamples.Rtcp(out var rtcpPlain);
        var rtcpLength = context.ProtectRtcp(ref sent, rtcp, rtcpPlain);
        Assert.Equal(SrtpSamples.Rtcp(out _)[..rtcpPlain], rtcp[..rtcpPlain]);

        packet[20] ^= 1;
        Assert.Equal(SrtpResult.AuthenticationFailed, SrtpSamples.Unprotect(context, ref received, packet));
        packet[20] ^= 1;
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packet));
        rtcp[20] ^= 1;
        Assert.False(context.TryUnprotectRtcp(ref received, rtcp.AsSpan(0, rtcpLength), out _, out _));
        rtcp[20] ^= 1;
        Assert.True(context.TryUnprotectRtcp(ref received, rtcp.AsSpan(0, rtcpLength), out _, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.Suites), MemberType = typeof(SrtpSamples))]
    public void Srtcp_tells_by_its_flag_whether_it_is_encrypted(SrtpSuite suite)
    {
        using var plainSender = SrtpContext.Create(SrtpSamples.Keys(suite) with { UnencryptedSrtcp = true });
        using var receiver = SrtpContext.Create(SrtpSamples.Keys(suite));
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var packet = SrtpSamples.Rtcp(out var plain);
        var length = plainSender.ProtectRtcp(ref sent, packet, plain);

        Assert.True(receiver.TryUnprotectRtcp(ref received, packet.AsSpan(0, length), out length, out _));

        Assert.Equal(SrtpSamples.Rtcp(out _)[..plain], packet[..length]);
    }

    [Fact]
    public void Unauthenticated_srtp_has_no_tag_but_srtcp_and_gcm_do()
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80) with { UnauthenticatedSrtp = true });
        using var gcm = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AeadAes128Gcm) with { UnauthenticatedSrtp = true });
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);

        var packet = SrtpSamples.Protected(context, ref sent, 1);
        Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(context, ref received, packet));

        Assert.Equal(0, context.RtpOverhead);
        Assert.Equal(14, context.RtcpOverhead);
        Assert.Equal(16, gcm.RtpOverhead);
    }

    [Fact]
    public void Keys_of_the_wrong_length_are_refused()
    {
        var keys = SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80);

        Assert.Throws<ArgumentException>(() => SrtpContext.Create(keys with { MasterKey = new byte[15] }));
        Assert.Throws<ArgumentException>(() => SrtpContext.Create(keys with { MasterSalt = new byte[12] }));
        Assert.ThrowsAny<ArgumentException>(() => SrtpContext.Create(keys with { Suite = SrtpSuite.None }));
    }

    [Fact]
    public void A_disposed_context_refuses_to_work()
    {
        var context = SrtpContext.Create(SrtpSamples.Keys(SrtpSuite.AesCm128HmacSha1_80));
        context.Dispose();
        context.Dispose();
        var state = default(SrtpSsrcState);

        Assert.Throws<ObjectDisposedException>(() => context.ProtectRtp(ref state, SrtpSamples.Rtp(1, out var length), length));
    }

    [Theory]
    [MemberData(nameof(SrtpSamples.SuitesAndBackends), MemberType = typeof(SrtpSamples))]
    public void Packets_cost_no_managed_memory(SrtpSuite suite, int backend)
    {
        using var context = SrtpContext.Create(SrtpSamples.Keys(suite), (CryptoBackend)backend);
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        var buffer = SrtpSamples.Rtp(0, out var length);
        ushort next = 0;
        Allocation.RequireNone(() =>
        {
            Exchange();
            return Exchange;
        });

        void Exchange()
        {
            for (var i = 0; i < 100; i++)
            {
                RtpCluster.Media.Rtp.RtpWriter.SetSequence(buffer, next++);
                var protectedLength = context.ProtectRtp(ref sent, buffer, length);
                Assert.True(context.TryUnprotectRtp(ref received, buffer.AsSpan(0, protectedLength), out _, out _));
            }
        }
    }
}
