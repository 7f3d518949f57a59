using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>An engine with a clock that tests move, and builders of plans and packets.</summary>
internal sealed class EngineFixture
{
    public static readonly CallId Call = new("call-1");
    public static readonly NetEndpoint LocalA = Ep("192.0.2.1:30000");
    public static readonly NetEndpoint LocalB = Ep("192.0.2.1:30010");
    public static readonly NetEndpoint RemoteA = Ep("198.51.100.1:4000");
    public static readonly NetEndpoint RemoteB = Ep("198.51.100.2:5000");

    public EngineFixture() => Engine = new ReactorEngine(new EngineOptions());

    public ReactorEngine Engine { get; }

    public CollectingBatch Batch { get; } = new();

    public Instant Now { get; set; } = new(1_000_000_000_000);

    public long Epoch { get; private set; }

    public static NetEndpoint Ep(string text) => NetEndpoint.Parse(text);

    /// <summary>A stream that may send and receive, known to both sides, learning heuristically.</summary>
    public static StreamPlan Stream(int id, NetEndpoint local, NetEndpoint remote, params int[] to) => new()
    {
        Id = new StreamId(id),
        Kind = StreamKind.Rtp,
        Locals = [local],
        Remote = remote,
        Filled = true,
        Public = true,
        Flags = StreamFlags.MaySend | StreamFlags.MayReceive | StreamFlags.CountsAsReceiving,
        IdleSeconds = 60,
        PayloadTypes = [new(0, "PCMU", 8000, 0xff, 160), new(8, "PCMA", 8000, 0xd5, 160), new(101, "telephone-event", 8000)],
        RtpOutputs = [.. to.Select(t => new OutputPlan { To = new StreamId(t) })],
        RtcpOutputs = [.. to.Select(t => new OutputPlan { To = new StreamId(t) })],
    };

    /// <summary>The two streams of an ordinary call.</summary>
    public static StreamPlan[] TwoWay() => [Stream(1, LocalA, RemoteA, 2), Stream(2, LocalB, RemoteB, 1)];

    public MediaPlan Plan(params StreamPlan[] streams) => new()
    {
        CallId = Call,
        Epoch = ++Epoch,
        Streams = streams,
        LastSignal = Now,
        Created = Now,
    };

    public PlanResult Apply(params StreamPlan[] streams) => Engine.Apply(Now, Plan(streams), Batch);

    /// <summary>Delivers a packet and returns what was sent because of it.</summary>
    public Sent[] Receive(NetEndpoint local, NetEndpoint source, byte[] packet)
    {
        Assert.True(Engine.TryFindPort(local, out var port));
        var buffer = new byte[2048];
        packet.CopyTo(buffer, 0);
        Engine.Receive(Now, port, source, buffer, packet.Length, Batch);
        return Batch.Take();
    }

    public MediaFact[] Facts()
    {
        var facts = new List<MediaFact>();
        while (Engine.TryGetFact(out var fact))
        {
            facts.Add(fact);
        }

        return [.. facts];
    }

    public MediaFact[] Tick()
    {
        Engine.Tick(Now, Batch);
        return Facts();
    }

    public StreamStatistics Stats(int stream) => Engine.Read(Call)!.Streams.Single(s => s.Id.Value == stream);

    public static byte[] Rtp(int sequence, byte type = 0, uint ssrc = 0x11223344, int payload = 160, byte fill = 7)
    {
        var packet = new byte[12 + payload];
        packet[0] = 0x80;
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(sequence * 160));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(12).Fill(fill);
        return packet;
    }

    /// <summary>An RTCP packet: by default a receiver report without blocks.</summary>
    public static byte[] Rtcp(byte type = 201, uint ssrc = 0x11223344, params byte[] body)
    {
        var packet = new byte[8 + body.Length];
        packet[0] = 0x80;
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        body.CopyTo(packet, 8);
        return packet;
    }
}
