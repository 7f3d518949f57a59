using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.MediaEngine.Transports;

namespace RtpCluster.Fuzz.Targets;

/// <summary>
/// A whole ICE and DTLS engine with many calls gets packets from strangers, from an address of its own each, while time passes. Streams with ICE answer
/// nothing, nobody gets keys or a path, and no more handshakes are half-open than allowed.
/// </summary>
internal static class StrangerTargets
{
    private const int Calls = 64;
    private const int MaxHalfOpen = 8;
    private const int MillisPerPacket = 20;
    private const int ManyPackets = 10_000;
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private static readonly TransportEngine Engine = MakeEngine();
    private static readonly MemoryBound Memory = new(inputs: 50_000, megabytes: 32);
    private static Instant s_now = new(1_790_000_000_000_000);
    private static int s_count;

    /// <summary>One packet for one of the streams, every second one with ICE.</summary>
    public static void Packet(byte[] packet)
    {
        int number = s_count++;
        s_now = s_now.AddMillis(MillisPerPacket);
        var source = new NetEndpoint(IpAddress.Parse("198.51.100.66"), (ushort)(1024 + (number % 60_000)));
        var before = (Engine.Counters.HalfOpen, Engine.Counters.HandshakesRefused);
        Engine.Receive(s_now, new TransportPacket(Id(number % Calls), new StreamId(1), 0, source, packet.Length), packet);
        Engine.Tick(s_now);
        while (Engine.TryGetTransmit(out var sent))
        {
            FuzzFailure.Unless(sent.Local.Port % 2 == 1, "a stream with ICE answered a stranger");
        }

        FuzzFailure.Unless(!Engine.TryGetChange(out _), "a stranger changed a stream");
        FuzzFailure.Unless(Engine.Counters.HandshakesDone == 0, "a stranger got keys");
        FuzzFailure.Unless(before.HalfOpen == MaxHalfOpen || Engine.Counters.HandshakesRefused == before.HandshakesRefused, "refused while there was room");
        FuzzFailure.Unless(number < ManyPackets || Engine.Counters.HandshakesRefused > 0, "too many handshakes were wanted, and none was counted as refused");
        FuzzFailure.Unless(Engine.Counters.HalfOpen is >= 0 and <= MaxHalfOpen, "too many handshakes are half-open");
        FuzzFailure.Unless(Engine.SessionCount == Calls, "a stranger made or ended a session");
        Memory.Check();
    }

    private static CallId Id(int number) => new($"call {number}");

    private static TransportEngine MakeEngine()
    {
        var engine = new TransportEngine(new Zeros(), "fuzz") { MaxHalfOpen = MaxHalfOpen };
        for (int i = 0; i < Calls; i++)
        {
            bool ice = i % 2 == 0;
            engine.Apply(new Instant(1_790_000_000_000_000), 0, new MediaPlan { CallId = Id(i), Epoch = 1, Streams = [Stream(i, ice)], LastSignal = default, Created = default });
        }

        while (engine.TryGetChange(out _))
        {
            // What it says of new streams.
        }

        return engine;
    }

    private static StreamPlan Stream(int number, bool ice) => new()
    {
        Id = new StreamId(1),
        Kind = StreamKind.RtpMux,
        Locals = [new NetEndpoint(IpAddress.Parse("203.0.113.1"), (ushort)(30_000 + number))],
        Ice = ice ? new IcePlan { LocalUfrag = "evtj", LocalPassword = "a password that nobody knows" } : null,
        Dtls = new DtlsPlan { Association = 1, Role = DtlsRole.Passive, Certificate = Certificate, FingerprintHash = "sha-256", Fingerprint = new byte[32] },
    };

    private sealed class Zeros : IEntropy
    {
        public void Fill(Span<byte> target) => target.Clear();
    }
}
