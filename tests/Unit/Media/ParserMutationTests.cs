using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Srtp;
using RtpCluster.Unit.Media.Srtp;

namespace RtpCluster.Unit.Media;

/// <summary>No bytes of a peer make a parser throw: seeds, mutated ten thousand times with a fixed seed.</summary>
public sealed class ParserMutationTests
{
    private const int Rounds = 10_000;

    private static readonly byte[][] Seeds =
    [
        Convert.FromHexString("9108000100000002cafe0001000000aabede000210ff00213344000055667788"),
        Convert.FromHexString("a0080001000000020000000310000002010005aabbccddee00000004"),
        Convert.FromHexString("81c8000c0000000101020304050607080000000a0000000b0000000c0000000240fffffe00010005000000070304050600008000"),
        Convert.FromHexString("82ca0006000000010103616263000000000000020f0131000000000081cb0003000000010362796500000000"),
        Convert.FromHexString("80cf000800000001040000020102030405060708050000030000000203040506000100008fcd0003000000010000000200050000"),
    ];

    [Fact]
    public void No_parser_throws()
    {
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            Read(Mutate(random));
        }
    }

    [Fact]
    public void No_transform_throws_or_accepts()
    {
        var random = new Random(2);
        foreach (var suite in SrtpSuiteInfo.All)
        {
            using var context = SrtpContext.Create(SrtpSamples.Keys(suite.Suite));
            var state = default(SrtpSsrcState);
            for (var round = 0; round < Rounds / 10; round++)
            {
                Assert.False(context.TryUnprotectRtp(ref state, Mutate(random), out _, out _));
                Assert.False(context.TryUnprotectRtcp(ref state, Mutate(random), out _, out _));
                byte[] buffer = [.. Mutate(random), .. new byte[SrtpSamples.Room]];
                var other = default(SrtpSsrcState);
                context.ProtectRtp(ref other, buffer, buffer.Length - SrtpSamples.Room);
                context.ProtectRtcp(ref other, buffer, buffer.Length - SrtpSamples.Room);
            }
        }
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = Seeds[random.Next(Seeds.Length)].ToArray();
        for (var n = random.Next(6); n > 0; n--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static void Read(byte[] bytes)
    {
        RtpDemux.Classify(bytes);
        if (RtpHeader.TryParse(bytes, out var header))
        {
            Assert.InRange(header.PayloadOffset + header.PayloadLength, RtpHeader.FixedLength, bytes.Length);
            RtpHeader.TryGetPadding(bytes, header, out _);
            foreach (var element in new RtpExtensions(bytes, header))
            {
                Assert.NotEqual(0, element.Id);
            }
        }

        foreach (var packet in new RtcpCompound(bytes))
        {
            ReadControl(packet);
        }

        var length = RtcpFeedbackFilter.Strip(bytes, bytes.Length);
        Assert.InRange(length, 0, bytes.Length);
        Assert.Equal(length, RtcpFeedbackFilter.Strip(bytes, length));
    }

    private static void ReadControl(RtcpPacket packet)
    {
        packet.TryGetSsrc(out _);
        _ = SenderReport.TryParse(packet, out _);
        for (var i = 0; ReportBlock.TryParse(packet, i, out _); i++)
        {
            Assert.True(i < 31);
        }

        foreach (var item in new SourceDescription(packet))
        {
            Assert.True(item.Value.Length <= 255);
        }

        foreach (var block in new ExtendedReport(packet))
        {
            block.TryGetReferenceTime(out _);
            block.TryGetDelay(0, out _);
        }

        if (Goodbye.TryParse(packet, out var goodbye) && goodbye.Count > 0)
        {
            _ = goodbye[goodbye.Count - 1];
        }

        _ = FeedbackPacket.TryParse(packet, out _);
        _ = ApplicationPacket.TryParse(packet, out _);
    }
}
