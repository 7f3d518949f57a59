using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Transport-wide feedback to a sender, draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
public sealed class TransportWideTests
{
    private readonly SfuFixture _f = new()
    {
        PublisherPlan = s => s with
        {
            Extensions = new ExtensionIds { TransportWide = 3 },
            RtpOutputs = [.. s.RtpOutputs.Select(o => o with { StripExtensions = [3] })],
        },
    };

    private ushort _sequence;

    public TransportWideTests()
    {
        _f.Now = new Instant(64_000 * 1000);
        _f.Apply(1);
    }

    [Fact]
    public void Arrivals_and_losses_are_told_twenty_times_a_second()
    {
        Assert.Single(Reports(Send(65534)));
        _f.Now = _f.Now.AddMillis(10);
        Assert.Empty(Reports(Send(65535)));
        _f.Now = _f.Now.AddMillis(20);
        Assert.Empty(Reports(Send(1)));
        _f.Now = _f.Now.AddMillis(100);

        byte[] control = Assert.Single(Reports(Send(2)));

        // 4 packets from 65535; reference 1000 x 64 ms, the second report; received, lost, received, received later than 64 ms.
        Assert.Equal("FFFF000400" + "03E801" + "D180" + "28" + "50" + "0190" + "0000", Convert.ToHexString(control));
    }

    [Fact]
    public void The_numbers_of_the_senders_hop_do_not_go_on()
    {
        var sent = Assert.Single(Send(7), s => s.Remote == Subscriber(1));

        Assert.Equal(0, sent.Bytes[0] & 0x10);
    }

    [Fact]
    public void A_long_gap_begins_anew()
    {
        Send(1);
        _f.Now = _f.Now.AddMillis(100);

        byte[] control = Assert.Single(Reports(Send(5000)));

        Assert.Equal((5000, 1), (BinaryPrimitives.ReadUInt16BigEndian(control), BinaryPrimitives.ReadUInt16BigEndian(control.AsSpan(2))));
    }

    [Fact]
    public void Bursts_are_told_before_the_window_is_full()
    {
        Send(0);

        Assert.Single(Enumerable.Range(1, 200).SelectMany(i => Reports(Send((ushort)i))));
    }

    private Sent[] Send(ushort number)
    {
        byte[] packet = Vp8(_sequence++, keyFrame: _sequence == 1);
        packet[0] |= 0x10;
        return _f.FromPublisher([.. packet[..12], 0xBE, 0xDE, 0, 1, 0x31, (byte)(number >> 8), (byte)number, 0, .. packet[12..]]);
    }

    private static List<byte[]> Reports(IEnumerable<Sent> sent)
    {
        var reports = new List<byte[]>();
        foreach (var one in sent.Where(s => s.Remote == Publisher))
        {
            Assert.True(RtcpCompound.IsWellFormed(one.Bytes));
            foreach (var part in new RtcpCompound(one.Bytes))
            {
                if (part.Type == RtcpType.TransportFeedback && FeedbackPacket.TryParse(part, out var feedback) && feedback.Format == 15)
                {
                    reports.Add(feedback.Control.ToArray());
                }
            }
        }

        return reports;
    }
}
