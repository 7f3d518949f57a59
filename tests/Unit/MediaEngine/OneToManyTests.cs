using RtpCluster.Contracts;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class OneToManyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EverySubscriberGetsItsOwnRewrittenAndProtectedCopy(bool publisherSecured)
    {
        var f = new EngineFixture();
        var publisherKeys = SrtpEndpoint.Keys(100);
        using var publisher = new SrtpEndpoint(publisherKeys, publisherKeys);
        var streams = new List<StreamPlan>();
        var subscribers = new List<SrtpEndpoint?>();
        var outputs = new List<OutputPlan>();
        for (int i = 0; i < 256; i++)
        {
            var keys = i % 2 == 0 ? SrtpEndpoint.Keys(i, (SrtpSuite)(1 + (i / 2 % 12))) : null;
            subscribers.Add(keys is null ? null : new SrtpEndpoint(keys, keys));
            streams.Add(Stream(i + 2, Ep($"192.0.2.1:{31000 + i}"), Ep($"198.51.100.7:{10000 + i}")) with { Encrypt = keys });
            outputs.Add(new OutputPlan { To = new StreamId(i + 2), PayloadTypeMaps = [new(0, (byte)(i % 96))] });
        }

        f.Apply([Stream(1, LocalA, RemoteA) with { RtpOutputs = [.. outputs], Decrypt = publisherSecured ? publisherKeys : null }, .. streams]);
        for (int sequence = 65534; sequence < 65539; sequence++)
        {
            var packet = Rtp(sequence & 0xffff);
            var sent = f.Receive(LocalA, RemoteA, publisherSecured ? publisher.Protect(packet) : packet);
            Assert.Equal(256, sent.Length);
            for (int i = 0; i < 256; i++)
            {
                Assert.Equal((ushort)(10000 + i), sent[i].Remote.Port);
                var plain = subscribers[i] is { } secured ? secured.Unprotect(sent[i].Bytes) : sent[i].Bytes;
                Assert.Equal(Rtp(sequence & 0xffff, (byte)(i % 96)), plain);
            }
        }

        subscribers.ForEach(s => s?.Dispose());
    }

    /// <summary>Random rooms: every subscriber gets exactly the packets of the publishers it is subscribed to, in its own form.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void RandomRoomsDeliverWhatTheirPlanSays(int seed)
    {
        var random = new Random(seed);
        var f = new EngineFixture();
        int publishers = random.Next(1, 5);
        int subscribers = random.Next(1, 9);
        var room = new RandomRoom(random, publishers, subscribers);
        for (int round = 0; round < 10; round++)
        {
            f.Apply(room.Streams(random));
            for (int i = 0; i < 50; i++)
            {
                int publisher = random.Next(publishers);
                var packet = room.NextPacket(random, publisher);
                var sent = f.Receive(room.Local(publisher), room.Remote(publisher), room.Protect(publisher, packet));
                room.Check(publisher, packet, sent);
            }
        }

        room.Dispose();
    }
}
