using System.Diagnostics;
using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Bench;

/// <summary>DTLS-SRTP handshakes on one core, both ends in this process, and the memory of those that stay open.</summary>
internal static class HandshakeBench
{
    private const int Open = 500;

    public static Task<int> RunAsync(BenchOptions options)
    {
        var certificate = DtlsCertificates.Create(new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000));
        byte[] fingerprint = DtlsCertificates.Fingerprint(certificate.Certificate, "sha-256");
        var plan = new DtlsPlan { Association = 1, Certificate = certificate, FingerprintHash = "sha-256", Fingerprint = fingerprint };
        using var context = new DtlsContext(certificate);
        int done = 0;
        Run(context, plan, keep: null); // warm up
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            done += Run(context, plan, keep: null) ? 1 : 0;
        }

        double seconds = watch.Elapsed.TotalSeconds;
        var kept = new List<DtlsEndpoint>();
        long before = Environment.WorkingSet;
        for (int i = 0; i < Open; i++)
        {
            Run(context, plan, kept);
        }

        double live = (Environment.WorkingSet - before) / 1024.0 / kept.Count;
        kept.ForEach(e => e.Dispose());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"DTLS-SRTP: {done / seconds:F0} handshakes/s on one core with both ends ({seconds * 1e6 / done / 2:F0} µs per end), {live:F0} KB per open end, freed after its keys are read"));
        return Task.FromResult(done > 0 ? 0 : 1);
    }

    private static bool Run(DtlsContext context, DtlsPlan plan, List<DtlsEndpoint>? keep)
    {
        var client = new DtlsEndpoint(context, plan with { Role = DtlsRole.Active });
        var server = new DtlsEndpoint(context, plan);
        bool moved = true;
        while (moved && (client.State == DtlsState.Handshaking || server.State == DtlsState.Handshaking))
        {
            moved = Carry(client, server) | Carry(server, client);
        }

        bool done = client.State == DtlsState.Keyed && server.State == DtlsState.Keyed;
        keep?.AddRange([client, server]);
        if (keep is null)
        {
            client.Dispose();
            server.Dispose();
        }

        return done;
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
}
