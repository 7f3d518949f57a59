using System.Diagnostics;
using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.MediaEngine.Transports;

namespace RtpCluster.Bench;

/// <summary>DTLS-SRTP: handshakes on one core, and the memory of calls that got their keys so.</summary>
internal static class HandshakeBench
{
    private const int Calls = 500;
    private static readonly Instant Start = new(1_790_000_000_000_000);
    private static readonly NetEndpoint Remote = NetEndpoint.Parse("198.51.100.2:6000");

    public static Task<int> RunAsync(BenchOptions options)
    {
        var certificate = DtlsCertificates.Create(new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000));
        var plan = new DtlsPlan
        {
            Association = 1,
            Certificate = certificate,
            FingerprintHash = "sha-256",
            Fingerprint = DtlsCertificates.Fingerprint(certificate.Certificate, "sha-256"),
        };
        using var context = new DtlsContext(certificate);
        int done = 0;
        Shake(context, plan); // warm up
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            done += Shake(context, plan) ? 1 : 0;
        }

        double seconds = watch.Elapsed.TotalSeconds;
        var (open, later) = Remember(context, plan);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"DTLS-SRTP: {done / seconds:F0} handshakes/s on one core with both ends, {2 * done / seconds:F0} of one end ({seconds * 1e6 / done / 2:F0} µs); "
            + $"a call's stream keeps {open:F0} KB for 10 s after its handshake (lost last flights), {later:F1} KB afterwards"));
        return Task.FromResult(done > 0 && later > 0 ? 0 : 1);
    }

    private static bool Shake(DtlsContext context, DtlsPlan plan)
    {
        using var client = new DtlsEndpoint(context, plan with { Role = DtlsRole.Active });
        using var server = new DtlsEndpoint(context, plan);
        bool moved = true;
        while (moved && (client.State == DtlsState.Handshaking || server.State == DtlsState.Handshaking))
        {
            moved = Carry(client, server) | Carry(server, client);
        }

        return client.State == DtlsState.Keyed && server.State == DtlsState.Keyed;
    }

    private static bool Carry(DtlsEndpoint from, DtlsEndpoint to)
    {
        bool moved = false;
        while (from.TryGetTransmit(out byte[] datagram))
        {
            to.Receive(datagram);
            moved = true;
        }

        return moved;
    }

    /// <summary>KB per call of an engine that answers handshakes: while it may have to repeat its last flight, and once it need not.</summary>
    private static (double Open, double Later) Remember(DtlsContext context, DtlsPlan plan)
    {
        using var engine = new TransportEngine(new SystemEntropy(), "bench");
        Call(engine, context, plan, new CallId("warm up"));
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        long resident = Environment.WorkingSet;
        for (int i = 0; i < Calls; i++)
        {
            Call(engine, context, plan, new CallId($"call {i}"));
        }

        long open = Environment.WorkingSet - resident;
        engine.Tick(Start.AddSeconds(60));
        long later = GC.GetTotalMemory(forceFullCollection: true) - managed;
        return engine.Counters.HandshakesDone == Calls + 1 ? (open / 1024.0 / Calls, later / 1024.0 / Calls) : (0, 0);
    }

    private static void Call(TransportEngine engine, DtlsContext context, DtlsPlan plan, CallId id)
    {
        var stream = new StreamPlan { Id = new StreamId(1), Kind = StreamKind.RtpMux, Locals = [NetEndpoint.Parse("203.0.113.1:30000")], Remote = Remote, Dtls = plan };
        engine.Apply(Start, 0, new MediaPlan { CallId = id, Epoch = 1, Streams = [stream], LastSignal = Start, Created = Start });
        using var client = new DtlsEndpoint(context, plan with { Role = DtlsRole.Active });
        bool moved = true;
        while (moved)
        {
            moved = false;
            while (client.TryGetTransmit(out byte[] datagram))
            {
                engine.Receive(Start, new TransportPacket(id, new StreamId(1), 0, Remote, datagram.Length), datagram);
                moved = true;
            }

            while (engine.TryGetTransmit(out var answer))
            {
                client.Receive(answer.Bytes);
                moved = true;
            }
        }

        while (engine.TryGetChange(out _))
        {
            // The keys, which the call's plan keeps.
        }
    }

    private sealed class SystemEntropy : IEntropy
    {
        public void Fill(Span<byte> target) => System.Security.Cryptography.RandomNumberGenerator.Fill(target);
    }
}
