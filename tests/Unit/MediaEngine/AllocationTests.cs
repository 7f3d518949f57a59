using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.TestKit;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>The packet path allocates nothing: a collection would delay packets.</summary>
public class AllocationTests
{
    private const int WarmUp = 3000;
    private const int Measured = 10_000;

    private static readonly SrtpKeys Keys = SrtpEndpoint.Keys(1);
    private static readonly SrtpKeys OtherKeys = SrtpEndpoint.Keys(2, SrtpSuite.AeadAes128Gcm);

    [Fact]
    public void PlainRtp() => AssertNone(TwoWay(), p => p);

    [Fact]
    public void PlainRtpInAnotherOrderOfSsrcs() => AssertNone(TwoWay(), p => p, ssrcs: 7);

    [Fact]
    public void SrtpToRtp() => AssertNone(Secured(Keys, null), new SrtpEndpoint(Keys, Keys).Protect);

    [Fact]
    public void RtpToSrtp() => AssertNone(Secured(null, Keys), p => p);

    [Fact]
    public void SrtpToSrtp() => AssertNone(Secured(Keys, OtherKeys), new SrtpEndpoint(Keys, Keys).Protect);

    [Fact]
    public void SrtpPassthrough() =>
        AssertNone(Secured(Keys, Keys, o => o with { Flags = OutputFlags.SrtpPassthrough }), new SrtpEndpoint(Keys, Keys).Protect);

    [Fact]
    public void RewrittenRtp() => AssertNone(
        Secured(null, null, o => o with { Flags = OutputFlags.Silenced | OutputFlags.StripAllExtensions, PayloadTypeMaps = [new(0, 8)] }), p => p);

    [Fact]
    public void OneToMany()
    {
        var subscribers = Enumerable.Range(2, 20).Select(i =>
            Stream(i, Ep($"192.0.2.1:{31000 + i}"), Ep($"198.51.100.7:{10000 + i}")) with { Encrypt = i % 2 == 0 ? SrtpEndpoint.Keys(i) : null });
        AssertNone([Stream(1, LocalA, RemoteA, [.. Enumerable.Range(2, 20)]), .. subscribers], p => p);
    }

    [Fact]
    public void SelectiveForwarding()
    {
        var ends = new FeedbackPlan { LocalSsrc = 5, Flags = FeedbackFlags.Nack };
        var subscribers = Enumerable.Range(2, 5).Select(i =>
            Stream(i, Ep($"192.0.2.1:{31000 + i}"), Ep($"198.51.100.7:{10000 + i}")) with { Encrypt = SrtpEndpoint.Keys(i), Feedback = ends });
        AssertNone([Stream(1, LocalA, RemoteA, [.. Enumerable.Range(2, 5)]) with { Feedback = ends }, .. subscribers], p => p);
    }

    private static StreamPlan[] Secured(SrtpKeys? decrypt, SrtpKeys? encrypt, Func<OutputPlan, OutputPlan>? change = null)
    {
        var a = Stream(1, LocalA, RemoteA, 2) with { Decrypt = decrypt };
        a = change is null ? a : a with { RtpOutputs = [change(a.RtpOutputs[0])] };
        return [a, Stream(2, LocalB, RemoteB, 1) with { Encrypt = encrypt }];
    }

    private static void AssertNone(StreamPlan[] streams, Func<byte[], byte[]> protect, int ssrcs = 1)
    {
        var packets = new byte[WarmUp + Measured][];
        for (int i = 0; i < packets.Length; i++)
        {
            packets[i] = protect(Rtp(i, ssrc: 1000 + (uint)(i % ssrcs)));
        }

        EngineFixture f = null!;
        Allocation.RequireNone(() =>
        {
            f = new EngineFixture();
            f.Apply(streams);
            f.Batch.Counting = true;
            Assert.True(f.Engine.TryFindPort(LocalA, out var port));
            var buffer = new byte[2048];
            Run(f, port, packets.AsSpan(0, WarmUp), buffer);
            return () => Run(f, port, packets.AsSpan(WarmUp), buffer);
        });
        Assert.Equal(packets.Length, f.Stats(1).In.Packets);
        Assert.Equal(packets.Length * streams[0].RtpOutputs.Length, f.Engine.Counters.OutPackets);
    }

    private static void Run(EngineFixture f, PortHandle port, ReadOnlySpan<byte[]> packets, byte[] buffer)
    {
        foreach (var packet in packets)
        {
            packet.CopyTo(buffer, 0);
            f.Now = f.Now.AddMillis(1);
            f.Engine.Receive(f.Now, port, RemoteA, buffer, packet.Length, f.Batch);
        }
    }
}
