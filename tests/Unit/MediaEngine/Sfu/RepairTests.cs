using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Retransmissions in streams of their own: RFC 4588.</summary>
public sealed class RepairTests
{
    private const byte RepairType = 97;
    private const uint Repair = 0x05060708;
    private const uint TowardReceiver = 0xDDDD0001;
    private const byte RepairedRid = 11;

    private readonly SfuFixture _f = new()
    {
        Feedback = new FeedbackPlan
        {
            LocalSsrc = Local,
            Flags = FeedbackFlags.Nack | FeedbackFlags.PictureLoss,
            RepairTypes = [new PayloadTypeMap(RepairType, 96)],
            Repairs = [new RepairPlan(Repair, Camera)],
        },
        PublisherPlan = p => p with { PayloadTypes = [.. p.PayloadTypes, new PayloadTypePlan(RepairType, "rtx", 90000)] },
        Subscribers = WithRepair,
    };

    [Fact]
    public void What_the_publisher_sends_again_reaches_the_receiver_as_the_packet_that_was_lost()
    {
        Start();
        byte[] lost = Vp8(11, keyFrame: false);

        var got = Assert.Single(_f.FromPublisher(Wrapped(lost, 700)), s => s.Remote == Subscriber(1));

        Assert.Equal(lost, got.Bytes);
        Assert.Equal(1, _f.Engine.Counters.Recovered);
        Assert.Empty(Nacked(_f.After(100), Publisher));
    }

    [Fact]
    public void What_nobody_misses_goes_no_further()
    {
        Start();

        Assert.Empty(_f.FromPublisher(Wrapped(Vp8(12, keyFrame: false), 700)));
        Assert.Empty(_f.FromPublisher(Wrapped(Vp8(4000, keyFrame: false), 701)));
        Assert.Equal(2, _f.Engine.Counters.Drops(DropReason.NotMissed));
    }

    [Fact]
    public void Padding_that_probes_the_path_is_no_packet()
    {
        Start();
        byte[] padding = [0xA0, RepairType, 0, 1, .. new byte[8], .. new byte[19], 20];
        BinaryPrimitives.WriteUInt32BigEndian(padding.AsSpan(8), Repair);

        Assert.Empty(_f.FromPublisher(padding));
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.NotMissed));
    }

    [Fact]
    public void The_last_packet_needs_no_request_to_come_again()
    {
        Start();

        Assert.Contains(_f.FromPublisher(Wrapped(Vp8(13, keyFrame: false), 700)), s => s.Remote == Subscriber(1) && Sequence(s.Bytes) == 13);
        Assert.DoesNotContain(_f.Publish(14), s => s.Remote == Publisher);
    }

    [Fact]
    public void Retransmissions_are_not_asked_for_themselves()
    {
        Start();
        _f.FromPublisher(Wrapped(Vp8(11, keyFrame: false), 700));

        Assert.Empty(Nacked(_f.FromPublisher(Wrapped(Vp8(11, keyFrame: false), 750)), Publisher));
    }

    [Fact]
    public void An_ssrc_that_the_sdp_does_not_name_repairs_the_only_stream()
    {
        _f.Feedback = _f.Feedback with { Repairs = [] };
        Start();

        Assert.Contains(_f.FromPublisher(Wrapped(Vp8(11, keyFrame: false), 700, ssrc: 0x777)), s => s.Remote == Subscriber(1));
    }

    [Fact]
    public void The_repaired_stream_id_tells_the_layer()
    {
        _f.Feedback = _f.Feedback with { Repairs = [], Layers = [new LayerPlan("q", 100), new LayerPlan("f", 300)] };
        _f.PublisherPlan = p => p with
        {
            PayloadTypes = [.. p.PayloadTypes, new PayloadTypePlan(RepairType, "rtx", 90000)],
            Extensions = new ExtensionIds(0, 10, RepairedRid, 0, 0, 0),
        };
        _f.Layer = 1;
        _f.Apply(1);
        _f.Publish(9, keyFrame: true, ssrc: 300);
        _f.Publish(10, ssrc: 100);
        _f.Publish(11, ssrc: 300);

        byte[] again = Wrapped(Vp8(10, keyFrame: false, ssrc: 300), 700, ssrc: 0x777);
        again[0] |= 0x10;
        var sent = _f.FromPublisher([.. again[..12], 0xBE, 0xDE, 0, 1, RepairedRid << 4, (byte)'f', 0, 0, .. again[12..]]);

        Assert.Contains(sent, s => s.Remote == Subscriber(1) && Sequence(s.Bytes) == 10);
    }

    [Fact]
    public void A_receiver_gets_lost_packets_in_its_own_repair_stream()
    {
        Start();
        var again = Assert.Single(AskFor(12));

        Assert.True(RtpHeader.TryParse(again.Bytes, out var header));
        Assert.Equal((TowardReceiver, (byte)98), (header.Ssrc, header.PayloadType));
        Assert.True(Retransmission.TryGetOriginal(again.Bytes, header, out ushort sequence));
        Assert.Equal(12, sequence);
        Assert.Equal(Vp8(12, keyFrame: false)[12..], again.Bytes[14..]);
        _f.Now = _f.Now.AddMillis(50);
        Assert.Equal((ushort)(header.Sequence + 1), Sequence(Assert.Single(AskFor(12)).Bytes));
        Assert.Equal(2, _f.Engine.Counters.Retransmitted);
    }

    [Fact]
    public void A_protected_repair_stream_begins_beyond_what_an_earlier_process_sent()
    {
        var keys = SrtpEndpoint.Keys(1);
        _f.Subscribers = s => WithRepair(s) with { Encrypt = keys, Checkpoints = [new SrtpCheckpoint(TowardReceiver, true, 5000, 0)] };
        Start();
        using var receiver = new SrtpEndpoint(keys, keys);

        byte[] again = receiver.Unprotect(Assert.Single(AskFor(12)).Bytes);

        Assert.True(Sequence(again) >= 5000 + (1 << 14));
        Assert.Equal(Vp8(12, keyFrame: false)[12..], again[14..]);
    }

    [Fact]
    public void The_first_protected_retransmission_is_told_above()
    {
        _f.Subscribers = s => WithRepair(s) with { Encrypt = SrtpEndpoint.Keys(1) };
        Start();

        byte[] again = Assert.Single(AskFor(12)).Bytes;

        var facts = new List<MediaFact>();
        while (_f.Engine.TryGetFact(out var fact))
        {
            facts.Add(fact);
        }

        var checkpoint = Assert.Single(facts.OfType<SrtpCheckpointed>()).State;
        Assert.Equal((TowardReceiver, true, (ulong)Sequence(again)), (checkpoint.Ssrc, checkpoint.Outbound, checkpoint.RtpIndex));
    }

    [Fact]
    public void The_time_of_sending_is_that_of_the_retransmission()
    {
        _f.Subscribers = s => WithRepair(s) with { Extensions = new ExtensionIds(0, 0, 0, 0, 3, 0) };
        Start();
        byte[] first = Assert.Single(AskFor(12)).Bytes;
        _f.Now = _f.Now.AddMillis(500);

        byte[] second = Assert.Single(AskFor(12)).Bytes;

        Assert.Equal(first[..2], second[..2]);
        Assert.Equal((1 << 18) / 2, SendTime(second) - SendTime(first));
    }

    private static StreamPlan WithRepair(StreamPlan subscriber) => subscriber with
    {
        Feedback = subscriber.Feedback! with { RetransmitSsrc = TowardReceiver, RetransmitTypes = [new PayloadTypeMap(96, 98)] },
    };

    private static int SendTime(byte[] packet) => (packet[17] << 16) | (packet[18] << 8) | packet[19];

    private static ushort Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static byte[] Wrapped(byte[] packet, ushort sequence, uint ssrc = Repair)
    {
        Assert.True(RtpHeader.TryParse(packet, out var header));
        var target = new byte[packet.Length + Retransmission.Overhead];
        Assert.Equal(target.Length, Retransmission.Wrap(packet, header, target, RepairType, sequence, ssrc));
        return target;
    }

    private Sent[] AskFor(ushort sequence) => _f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.Nack(Reporter, Camera, [sequence])));

    /// <summary>Packets 10 and 12 come, 11 is lost.</summary>
    private void Start()
    {
        _f.Apply(1);
        _f.Publish(10, keyFrame: true);
        _f.Publish(12);
    }
}
