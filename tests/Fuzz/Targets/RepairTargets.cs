using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine;

namespace RtpCluster.Fuzz.Targets;

/// <summary>
/// Retransmissions (RFC 4588): the format there and back, and a room in which a publisher sends media and retransmissions and a receiver asks for
/// some, damaged in all ways. The room lives on from input to input, as a real one does.
/// </summary>
internal static class RepairTargets
{
    private const byte Video = 96, Repair = 97;
    private const uint Camera = 0x01020304, Repairs = 0x05060708, Local = 0xaaaa0001;
    private const int MillisPerPacket = 5, ManyPackets = 10_000;

    private static readonly NetEndpoint Publisher = NetEndpoint.Parse("198.51.100.1:5000");
    private static readonly NetEndpoint Receiver = NetEndpoint.Parse("198.51.100.2:6000");
    private static readonly NetEndpoint TowardPublisher = NetEndpoint.Parse("203.0.113.1:30000");
    private static readonly NetEndpoint TowardReceiver = NetEndpoint.Parse("203.0.113.1:31000");
    private static readonly StrictBatch Batch = new();
    private static readonly byte[] Buffer = new byte[OutputBatch.SlotSize];
    private static readonly MemoryBound Memory = new(inputs: 50_000, megabytes: 32);
    private static Instant s_now = new(1_790_000_000_000_000);
    private static ReactorEngine s_engine = MakeRoom();
    private static int s_inputs;

    /// <summary>Media, retransmissions of it, and what a receiver asks for.</summary>
    public static byte[][] Corpus { get; } =
    [
        Media(10), Media(13), Again(11, 700), Again(12, 701), [0xa0, Repair, 0, 1, 0, 0, 0, 1, 5, 6, 7, 8, .. new byte[19], 20],
        Rtcp((ref RtcpWriter w) => w.Nack(0x99, Camera, [10, 11, 12])),
        Rtcp((ref RtcpWriter w) => w.PictureLoss(0x99, Camera)),
        Rtcp((ref RtcpWriter w) => w.EstimatedBitrate(0x99, Camera, 100_000)),
    ];

    private delegate void Writing(ref RtcpWriter writer);

    /// <summary>One input from either side.</summary>
    public static void Packet(byte[] input)
    {
        RoundTrip(input);
        if (input.Length > OutputBatch.SlotSize)
        {
            return;
        }

        try
        {
            s_now = s_now.AddMillis(MillisPerPacket);
            Receive(TowardPublisher, Publisher, input);
            Receive(TowardReceiver, Receiver, input);
            s_engine.Tick(s_now, Batch);
            Batch.Submit();
            while (s_engine.TryGetFact(out _))
            {
                // What it found out concerns nobody.
            }
        }
        catch
        {
            s_engine = MakeRoom();
            s_inputs = 0;
            throw;
        }

        var counters = s_engine.Counters;
        FuzzFailure.Unless(++s_inputs < ManyPackets || (counters.Recovered > 0 && counters.Retransmitted > 0), "nothing is repaired: the room does not work");
        Memory.Check();
    }

    private static void RoundTrip(byte[] input)
    {
        if (!RtpHeader.TryParse(input, out var header) || !Retransmission.TryGetOriginal(input, header, out ushort sequence))
        {
            return;
        }

        var original = Retransmission.Unwrap(input.AsSpan().ToArray(), header, Video, sequence, Camera);
        bool whole = RtpHeader.TryParse(original, out var of) && (of.PayloadType, of.Sequence, of.Ssrc, of.Marker) == (Video, sequence, Camera, header.Marker);
        FuzzFailure.Unless(whole, "what is unwrapped is no packet of the media");
        byte[] again = new byte[input.Length];
        int length = Retransmission.Wrap(original, of, again, header.PayloadType, header.Sequence, header.Ssrc);
        FuzzFailure.Unless(length == input.Length && again.AsSpan().SequenceEqual(input), "not the same after unwrapping and wrapping");
    }

    private static void Receive(in NetEndpoint local, in NetEndpoint from, byte[] input)
    {
        if (s_engine.TryFindPort(local, out var port))
        {
            input.CopyTo(Buffer, 0);
            s_engine.Receive(s_now, port, from, Buffer, input.Length, Batch);
        }
    }

    private static ReactorEngine MakeRoom()
    {
        var engine = new ReactorEngine(new EngineOptions());
        var publisher = Stream(1, TowardPublisher, Publisher) with
        {
            RtpOutputs = [new OutputPlan { To = new StreamId(2) }],
            Feedback = new FeedbackPlan
            {
                LocalSsrc = Local,
                Flags = FeedbackFlags.Nack | FeedbackFlags.PictureLoss,
                RepairTypes = [new PayloadTypeMap(Repair, Video)],
                Repairs = [new RepairPlan(Repairs, Camera)],
            },
        };
        var receiver = Stream(2, TowardReceiver, Receiver) with
        {
            Flags = StreamFlags.MayReceive | StreamFlags.Retransmit,
            Feedback = new FeedbackPlan { LocalSsrc = Local + 1, RetransmitSsrc = Local + 2, RetransmitTypes = [new PayloadTypeMap(Video, Repair)] },
        };
        engine.Apply(s_now, new MediaPlan { CallId = new CallId("room"), Epoch = 1, Streams = [publisher, receiver], LastSignal = s_now, Created = s_now }, Batch);
        return engine;
    }

    private static StreamPlan Stream(int id, NetEndpoint local, NetEndpoint remote) => new()
    {
        Id = new StreamId(id),
        Kind = StreamKind.RtpMux,
        Locals = [local],
        Remote = remote,
        Filled = true,
        Public = true,
        Learning = LearningMode.Off,
        Flags = StreamFlags.MaySend,
        PayloadTypes = [new PayloadTypePlan(Video, "VP8", 90000), new PayloadTypePlan(Repair, "rtx", 90000)],
    };

    private static byte[] Media(int sequence)
    {
        byte[] packet = [0x80, Video, .. new byte[10], 0x90, 0xc0, 0x80, (byte)sequence, (byte)sequence, 1, .. new byte[40]];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Camera);
        return packet;
    }

    private static byte[] Again(int lost, ushort sequence)
    {
        byte[] packet = Media(lost);
        byte[] again = new byte[packet.Length + Retransmission.Overhead];
        return RtpHeader.TryParse(packet, out var header) && Retransmission.Wrap(packet, header, again, Repair, sequence, Repairs) > 0 ? again : [];
    }

    private static byte[] Rtcp(Writing write)
    {
        byte[] buffer = new byte[200];
        var writer = new RtcpWriter(buffer);
        writer.ReceiverReport(0x99);
        write(ref writer);
        return buffer[..writer.Length];
    }

    /// <summary>What leaves is RTP or RTCP that fits a datagram.</summary>
    private sealed class StrictBatch : OutputBatch
    {
        protected override void Flush()
        {
            foreach (var datagram in Pending)
            {
                FuzzFailure.Unless(datagram.Length is > 0 and <= SlotSize, $"a datagram of {datagram.Length} bytes");
            }
        }
    }
}
