using RtpCluster.Contracts;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>Publishers and subscribers, plain or SRTP, with subscriptions that change from plan to plan; and what should come of a packet.</summary>
internal sealed class RandomRoom : IDisposable
{
    private readonly SrtpKeys?[] _keys;
    private readonly SrtpEndpoint?[] _endpoints;
    private readonly int[] _sequences;
    private readonly int _publishers;
    private readonly Dictionary<(int Publisher, int Subscriber), PayloadTypeMap[]> _subscriptions = [];

    public RandomRoom(Random random, int publishers, int subscribers)
    {
        _publishers = publishers;
        _sequences = new int[publishers];
        _keys = new SrtpKeys?[publishers + subscribers];
        _endpoints = new SrtpEndpoint?[_keys.Length];
        for (int i = 0; i < _keys.Length; i++)
        {
            _keys[i] = random.Next(2) == 0 ? SrtpEndpoint.Keys(random.Next(), (SrtpSuite)random.Next(1, 13)) : null;
            _endpoints[i] = _keys[i] is { } keys ? new SrtpEndpoint(keys, keys) : null;
        }

        for (int i = 0; i < publishers; i++)
        {
            _sequences[i] = random.Next(65536);
        }
    }

    public void Dispose()
    {
        foreach (var endpoint in _endpoints)
        {
            endpoint?.Dispose();
        }
    }

    public NetEndpoint Local(int member) => Ep($"192.0.2.1:{30000 + (2 * member)}");

    public NetEndpoint Remote(int member) => Ep($"198.51.100.{1 + member}:4000");

    /// <summary>New random subscriptions.</summary>
    public StreamPlan[] Streams(Random random)
    {
        _subscriptions.Clear();
        for (int p = 0; p < _publishers; p++)
        {
            for (int s = _publishers; s < _keys.Length; s++)
            {
                if (random.Next(3) > 0)
                {
                    _subscriptions[(p, s)] = random.Next(2) == 0 ? [] : [new PayloadTypeMap(0, (byte)random.Next(128))];
                }
            }
        }

        return [.. Enumerable.Range(0, _keys.Length).Select(Plan)];
    }

    public byte[] NextPacket(Random random, int publisher)
    {
        _sequences[publisher] = (_sequences[publisher] + random.Next(1, 60)) & 0xffff;
        return Rtp(_sequences[publisher], ssrc: (uint)(1000 + publisher), payload: random.Next(0, 1200), fill: (byte)random.Next(256));
    }

    public byte[] Protect(int publisher, byte[] packet) => _endpoints[publisher]?.Protect(packet) ?? packet;

    public void Check(int publisher, byte[] packet, Sent[] sent)
    {
        var expected = _subscriptions.Where(s => s.Key.Publisher == publisher).ToArray();
        Assert.Equal(expected.Length, sent.Length);
        foreach (var (key, maps) in expected)
        {
            var copy = sent.Single(s => s.Remote == Remote(key.Subscriber));
            var wanted = packet.ToArray();
            wanted[1] = maps.Length > 0 ? maps[0].To : wanted[1];
            Assert.Equal(Local(key.Subscriber), copy.Local);
            Assert.Equal(wanted, _endpoints[key.Subscriber]?.Unprotect(copy.Bytes) ?? copy.Bytes);
        }
    }

    private StreamPlan Plan(int member) => Stream(member, Local(member), Remote(member)) with
    {
        Decrypt = member < _publishers ? _keys[member] : null,
        Encrypt = member < _publishers ? null : _keys[member],
        RtpOutputs = [.. _subscriptions.Where(s => s.Key.Publisher == member)
            .Select(s => new OutputPlan { To = new StreamId(s.Key.Subscriber), PayloadTypeMaps = s.Value })],
    };
}
