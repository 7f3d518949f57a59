using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.Media.Srtp;

/// <summary>
/// What we protect, libsrtp unprotects, and back; byte for byte the same packets. Not the AES-192 suites: libsrtp's session
/// keys for them are not those of RFC 6188 section 7.4, whose vectors we meet.
/// </summary>
public sealed class SrtpInteropTests
{
    public static TheoryData<SrtpSuite> Suites =>
    [
        SrtpSuite.AesCm128HmacSha1_80, SrtpSuite.AesCm128HmacSha1_32, SrtpSuite.Aes256CmHmacSha1_80, SrtpSuite.Aes256CmHmacSha1_32,
        SrtpSuite.AeadAes128Gcm, SrtpSuite.AeadAes256Gcm, SrtpSuite.NullHmacSha1_80,
    ];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Packets_are_those_of_libsrtp_over_the_wrap(SrtpSuite suite)
    {
        Assert.SkipUnless(LibSrtp.IsInstalled, "libsrtp2.so.1 is not installed");
        var keys = SrtpSamples.Keys(suite);
        using var theirSender = LibSrtp.TryCreate(keys, outbound: true);
        using var theirReceiver = LibSrtp.TryCreate(keys, outbound: false);
        Assert.SkipWhen(theirSender is null || theirReceiver is null, "this libsrtp2 lacks the suite");
        using var ours = SrtpContext.Create(keys);
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        for (var sequence = 65500; sequence < 65580; sequence++)
        {
            var packet = SrtpSamples.Protected(ours, ref sent, sequence);
            var reference = SrtpSamples.Rtp(sequence, out var length);
            var referenceLength = theirSender!.Protect(reference, length);
            Assert.Equal(packet, reference[..referenceLength]);

            Assert.Equal(SrtpResult.Ok, SrtpSamples.Unprotect(ours, ref received, reference[..referenceLength]));
            Assert.Equal(length, theirReceiver!.Unprotect(packet, packet.Length));
            Assert.Equal(SrtpSamples.Rtp(sequence, out _)[..length], packet[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Control_packets_are_those_of_libsrtp(SrtpSuite suite)
    {
        Assert.SkipUnless(LibSrtp.IsInstalled, "libsrtp2.so.1 is not installed");
        var keys = SrtpSamples.Keys(suite);
        using var theirSender = LibSrtp.TryCreate(keys, outbound: true);
        using var theirReceiver = LibSrtp.TryCreate(keys, outbound: false);
        Assert.SkipWhen(theirSender is null || theirReceiver is null, "this libsrtp2 lacks the suite");
        using var ours = SrtpContext.Create(keys);
        var sent = default(SrtpSsrcState);
        var received = default(SrtpSsrcState);
        for (var i = 0; i < 5; i++)
        {
            var packet = SrtpSamples.Rtcp(out var length);
            var reference = packet.ToArray();
            var plain = packet[..length];
            var ourLength = ours.ProtectRtcp(ref sent, packet, length);
            var theirLength = theirSender!.ProtectControl(reference, length);

            Assert.Equal(packet[..ourLength], reference[..theirLength]);

            Assert.True(ours.TryUnprotectRtcp(ref received, reference.AsSpan(0, theirLength), out var back, out _));
            Assert.Equal(plain, reference[..back]);
            Assert.Equal(length, theirReceiver!.UnprotectControl(packet, ourLength));
            Assert.Equal(plain, packet[..length]);
        }
    }
}
