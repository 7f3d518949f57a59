using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>A publisher and a receiver behind networks that delay and lose, in virtual time: who loses packets asks for them as browsers do.</summary>
internal sealed class LossyRoom(int seed, double loss, int delayMillis)
{
    private const int ReceiverRepeatMillis = 50;

    private readonly SfuFixture _f = new();
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long At, int Number)> _events = new();
    private readonly Dictionary<ushort, byte[]> _sentPackets = [];
    private readonly Dictionary<ushort, (long Since, long Asked)> _missing = [];
    private int _number;
    private int _highest = -1;

    /// <summary>When each packet was sent first, ms.</summary>
    public Dictionary<int, long> SentAt { get; } = [];

    /// <summary>When each packet came first, ms.</summary>
    public Dictionary<int, long> CameAt { get; } = [];

    /// <summary>The engine's counters.</summary>
    public EngineCounters Counters => _f.Engine.Counters;

    private long Millis => _f.Now.Micros / 1000;

    /// <summary>Publishes so many packets, one each five milliseconds, and waits for the last ones.</summary>
    public void Run(int packets)
    {
        _f.Apply(1);
        for (int i = 0; i < packets; i++)
        {
            int sequence = i;
            Plan(Millis + (i * 5), () =>
            {
                SentAt[sequence] = Millis;
                _sentPackets[(ushort)sequence] = Vp8(sequence, sequence % 100 == 0);
                ToNode(_sentPackets[(ushort)sequence]);
            });
        }

        for (long at = Millis; at < Millis + (packets * 5) + 2000; at += 10)
        {
            bool tick = at % 50 == 0;
            Plan(at, () =>
            {
                Ask();
                if (tick)
                {
                    _f.Engine.Tick(_f.Now, _f.Batch);
                    Deliver(_f.Batch.Take());
                }
            });
        }

        while (_events.TryDequeue(out var action, out var when))
        {
            _f.Now = new Instant(when.At * 1000);
            action();
        }
    }

    private void Plan(long at, Action action) => _events.Enqueue(action, (at, _number++));

    private void Travel(Action action)
    {
        if (_random.NextDouble() >= loss)
        {
            Plan(Millis + delayMillis, action);
        }
    }

    private void ToNode(byte[] packet) => Travel(() => Deliver(_f.FromPublisher(packet)));

    private void Deliver(Sent[] sent)
    {
        foreach (var one in sent)
        {
            if (one.Remote == Publisher)
            {
                Travel(() => Resend(one));
            }
            else if (!IsRtcp(one))
            {
                Travel(() => Arrive(BinaryPrimitives.ReadUInt16BigEndian(one.Bytes.AsSpan(2))));
            }
        }
    }

    private void Resend(Sent nack)
    {
        foreach (ushort sequence in Nacked([nack], Publisher))
        {
            ToNode(_sentPackets[sequence]);
        }
    }

    private void Arrive(ushort sequence)
    {
        CameAt.TryAdd(sequence, Millis);
        _missing.Remove(sequence);
        for (int gap = _highest + 1; gap < sequence; gap++)
        {
            _missing[(ushort)gap] = (Millis, 0);
        }

        _highest = Math.Max(_highest, sequence);
    }

    private void Ask()
    {
        ushort[] due = [.. _missing.Where(m => Millis - m.Value.Asked >= ReceiverRepeatMillis && Millis - m.Value.Since < 1000).Select(m => m.Key).Order()];
        if (due.Length > 0)
        {
            Array.ForEach(due, s => _missing[s] = (_missing[s].Since, Millis));
            byte[] nack = Rtcp((ref RtcpWriter w) => w.Nack(Reporter, Camera, due));
            Travel(() => Deliver(_f.FromSubscriber(1, nack)));
        }
    }
}
