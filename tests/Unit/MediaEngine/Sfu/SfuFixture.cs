using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>A publisher and some subscribers whose RTCP ends at the engine, and a clock that tests move.</summary>
internal sealed class SfuFixture
{
    public const uint Local = 0xAAAA0001;
    public const uint Camera = 0x01020304;
    public const uint Reporter = 0x99;

    public static readonly NetEndpoint Publisher = NetEndpoint.Parse("198.51.100.1:5000");
    public static readonly NetEndpoint TowardPublisher = NetEndpoint.Parse("203.0.113.1:30000");

    private long _epoch;

    public ReactorEngine Engine { get; } = new(new EngineOptions());

    public CollectingBatch Batch { get; } = new();

    public Instant Now { get; set; } = new(1_000_000_000);

    /// <summary>What the publisher understands.</summary>
    public FeedbackPlan Feedback { get; set; } = new()
    {
        LocalSsrc = Local,
        Flags = FeedbackFlags.Nack | FeedbackFlags.PictureLoss,
    };

    /// <summary>Changes a subscriber's stream.</summary>
    public Func<StreamPlan, StreamPlan> Subscribers { get; set; } = s => s;

    /// <summary>Changes the publisher's stream.</summary>
    public Func<StreamPlan, StreamPlan> PublisherPlan { get; set; } = s => s;

    /// <summary>The best layer that subscribers may get.</summary>
    public int Layer { get; set; } = -1;

    public static NetEndpoint Subscriber(int number) => NetEndpoint.Parse($"198.51.100.2:{6000 + number}");

    public static NetEndpoint TowardSubscriber(int number) => NetEndpoint.Parse($"203.0.113.1:{31000 + (2 * number)}");

    /// <summary>Puts a plan with so many subscribers in force.</summary>
    public Sent[] Apply(int subscribers)
    {
        var publisher = Stream(1, TowardPublisher, Publisher) with
        {
            Feedback = Feedback,
            RtpOutputs = [.. Enumerable.Range(1, subscribers).Select(i => new OutputPlan { To = new StreamId(1 + i), Layer = Layer })],
        };
        Engine.Apply(Now, new MediaPlan
        {
            CallId = new CallId("room"),
            Epoch = ++_epoch,
            Streams = [PublisherPlan(publisher), .. Enumerable.Range(1, subscribers).Select(i => Subscribers(Stream(1 + i, TowardSubscriber(i), Subscriber(i)) with
            {
                Flags = StreamFlags.MayReceive | StreamFlags.Retransmit,
                Feedback = new FeedbackPlan { LocalSsrc = 0xBBBB0000 + (uint)i, SendSsrc = Feedback.Layers.Length > 0 ? 0xCCCC0000 + (uint)i : 0 },
            }))],
        }, Batch);
        return Batch.Take();
    }

    /// <summary>The publisher sends a packet; returns everything that leaves.</summary>
    public Sent[] Publish(int sequence, bool keyFrame = false, uint ssrc = Camera) => FromPublisher(Vp8(sequence, keyFrame, ssrc));

    public Sent[] FromPublisher(byte[] packet) => Feed(TowardPublisher, Publisher, packet);

    public Sent[] FromSubscriber(int number, byte[] packet) => Feed(TowardSubscriber(number), Subscriber(number), packet);

    public Sent[] After(int millis)
    {
        Now = Now.AddMillis(millis);
        Engine.Tick(Now, Batch);
        return Batch.Take();
    }

    /// <summary>A VP8 packet that is a frame of its own.</summary>
    public static byte[] Vp8(int sequence, bool keyFrame, uint ssrc = Camera, int timestamp = -1, int picture = -1)
    {
        byte[] payload = [0x90, 0xC0, 0x80, 0, 0, (byte)(keyFrame ? 0 : 1), .. new byte[100]];
        int id = picture < 0 ? sequence : picture;
        payload[2] = (byte)(0x80 | (id >> 8));
        payload[3] = (byte)id;
        payload[4] = (byte)id;
        byte[] packet = [0x80, 96, .. new byte[10], .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(timestamp < 0 ? sequence * 3000 : timestamp));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }

    public delegate void Write(ref RtcpWriter writer);

    public static byte[] Rtcp(Write write)
    {
        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        write(ref writer);
        return buffer[..writer.Length];
    }

    public static byte[] Pli(uint media = Camera) => Rtcp((ref RtcpWriter w) => w.PictureLoss(Reporter, media));

    public static bool IsRtcp(Sent sent) => sent.Bytes[1] is >= 194 and <= 223;

    /// <summary>The RTCP packet types and formats of what was sent to the publisher.</summary>
    public static (RtcpType Type, int Format)[] Asked(IEnumerable<Sent> sent)
    {
        var parts = new List<(RtcpType, int)>();
        foreach (var one in sent.Where(s => s.Remote == Publisher && IsRtcp(s)))
        {
            Assert.True(RtcpCompound.IsWellFormed(one.Bytes));
            foreach (var part in new RtcpCompound(one.Bytes))
            {
                if (part.Type is RtcpType.TransportFeedback or RtcpType.PayloadFeedback)
                {
                    parts.Add((part.Type, part.Count));
                }
            }
        }

        return [.. parts];
    }

    /// <summary>The sequence numbers that NACKs to a remote name.</summary>
    public static ushort[] Nacked(IEnumerable<Sent> sent, NetEndpoint remote)
    {
        var sequences = new List<ushort>();
        foreach (var one in sent.Where(s => s.Remote == remote && IsRtcp(s)))
        {
            foreach (var part in new RtcpCompound(one.Bytes))
            {
                if (part.Type == RtcpType.TransportFeedback && FeedbackPacket.TryParse(part, out var nack) && nack.Format == 1)
                {
                    sequences.AddRange(Sequences(nack.Control));
                }
            }
        }

        return [.. sequences];
    }

    private static List<ushort> Sequences(ReadOnlySpan<byte> control)
    {
        var sequences = new List<ushort>();
        for (; control.Length >= 4; control = control[4..])
        {
            ushort first = BinaryPrimitives.ReadUInt16BigEndian(control);
            ushort further = BinaryPrimitives.ReadUInt16BigEndian(control[2..]);
            sequences.Add(first);
            sequences.AddRange(Enumerable.Range(0, 16).Where(bit => (further & (1 << bit)) != 0).Select(bit => (ushort)(first + bit + 1)));
        }

        return sequences;
    }

    private Sent[] Feed(NetEndpoint local, NetEndpoint source, byte[] packet)
    {
        Assert.True(Engine.TryFindPort(local, out var port));
        var buffer = new byte[2048];
        packet.CopyTo(buffer, 0);
        Engine.Receive(Now, port, source, buffer, packet.Length, Batch);
        return Batch.Take();
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
        PayloadTypes = [new PayloadTypePlan(96, "VP8", 90000)],
    };
}
