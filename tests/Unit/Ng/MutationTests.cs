using RtpCluster.Ng;
using RtpCluster.Ng.Bencode;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Unit.Ng;

/// <summary>Recorded messages, damaged in seeded ways: whatever comes out, nothing throws, and what decodes survives a round trip.</summary>
public class MutationTests
{
    private static readonly byte[][] Corpus =
    [
        .. Recorded.Kamailio,
        .. Recorded.JsonRequests.Select(json => CookieFrame.Join("c", json)),
        NgCodec.ToBytes(
            "c d7:command5:offer10:rtpp-flags120:codec=[strip=[a b] mask=c] sdp-attr=[audio=[substitute=[[x y]]]] ICE=force to-tag=x SDES-order:A;B "
            + "transcode-PCMA 12345e"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Damaged_messages_never_throw(int seed)
    {
        var random = new Random(seed);
        var templates = new NgTemplates(new Dictionary<string, string> { ["default"] = "fast", ["offer"] = "template=default" });
        for (int i = 0; i < 20_000; i++)
        {
            Check(Damage(Corpus[random.Next(Corpus.Length)], random), templates);
        }
    }

    private static void Check(ReadOnlySpan<byte> message, NgTemplates templates)
    {
        BencodeFraming.TryFrame(message, out _);
        if (!CookieFrame.TrySplit(message, out _, out var payload) || !NgCodec.TryDecode(payload, out var dictionary, out var format, out _))
        {
            return;
        }

        NgCommandParser.TryParse(dictionary, templates, out _, out _);
        var encoded = NgCodec.Encode(dictionary, format);
        Assert.True(NgCodec.TryDecode(encoded, out var again, out _, out _));
        Assert.Equal(encoded, NgCodec.Encode(again, format));
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (int edits = random.Next(1, 6); edits > 0 && bytes.Count > 1; edits--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    bytes.Insert(at, "deli0123456789:-{}[]\"\\,= "u8[random.Next(25)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
