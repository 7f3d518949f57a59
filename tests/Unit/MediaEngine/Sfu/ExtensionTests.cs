using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Header extensions that belong to a hop: RFC 8285, RFC 8843 section 15.</summary>
public sealed class ExtensionTests
{
    private readonly SfuFixture _f = new();

    [Fact]
    public void The_receivers_name_of_the_media_replaces_the_senders()
    {
        _f.PublisherPlan = s => s with
        {
            Extensions = new ExtensionIds { Mid = 4 },
            RtpOutputs = [.. s.RtpOutputs.Select(o => o with { StripExtensions = [4] })],
        };
        _f.Subscribers = s => s with { Extensions = new ExtensionIds { Mid = 5 }, Mid = "v1" };
        _f.Apply(1);

        var elements = Elements(_f.FromPublisher(With(Vp8(1, true), [0xBE, 0xDE, 0, 2, 0x40, (byte)'0', 0x10, 0x99, 0, 0, 0, 0])));

        Assert.Equal(["1:99", "5:7631"], elements);
    }

    [Fact]
    public void The_time_of_sending_is_ours()
    {
        _f.Subscribers = s => s with { Extensions = new ExtensionIds { SendTime = 2 } };
        _f.Now = new Instant(64_000_000 + 1_500_000);
        _f.Apply(1);

        Assert.Equal(["2:060000"], Elements(_f.Publish(1, keyFrame: true)));
    }

    [Fact]
    public void Long_names_and_high_ids_take_two_byte_elements()
    {
        _f.Subscribers = s => s with { Extensions = new ExtensionIds { Mid = 20 }, Mid = "a" };
        _f.Apply(1);

        Assert.Equal(["20:61"], Elements(_f.Publish(1, keyFrame: true)));
    }

    [Fact]
    public void The_payload_stays_as_it_was()
    {
        _f.Subscribers = s => s with { Extensions = new ExtensionIds { Mid = 4, SendTime = 2 }, Mid = "video" };
        _f.Apply(1);
        byte[] packet = Vp8(1, keyFrame: true);

        byte[] sent = Assert.Single(_f.FromPublisher(packet), s => s.Remote == Subscriber(1)).Bytes;

        Assert.True(RtpHeader.TryParse(sent, out var header));
        Assert.Equal(packet[12..], sent[header.PayloadOffset..]);
    }

    private static byte[] With(byte[] packet, byte[] extension)
    {
        packet[0] |= 0x10;
        return [.. packet[..12], .. extension, .. packet[12..]];
    }

    private static string[] Elements(Sent[] sent)
    {
        byte[] packet = Assert.Single(sent, s => s.Remote == Subscriber(1)).Bytes;
        Assert.True(RtpHeader.TryParse(packet, out var header));
        var elements = new List<string>();
        foreach (var element in new RtpExtensions(packet, header))
        {
            elements.Add($"{element.Id}:{Convert.ToHexString(element.Data)}");
        }

        return [.. elements];
    }
}
