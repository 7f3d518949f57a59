using System.Text.Json;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Server.Roles.Cluster;

/// <summary>
/// The DTLS certificate of the whole cluster: made by whoever comes first, kept sealed in the store, renewed at half of its life. A call keeps the
/// one it began with, in its state.
/// </summary>
/// <param name="store">Keeps it.</param>
/// <param name="own">The node's own one, for calls that begin before the store has answered.</param>
/// <param name="log">The log.</param>
internal sealed class ClusterCertificate(IClusterStore store, CertificateFile own, ILogger log)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1), s_retry = TimeSpan.FromSeconds(1);
    private static readonly long s_renewSeconds = (long)TimeSpan.FromDays(DtlsCertificates.ValidDays / 2).TotalSeconds;
    private volatile DtlsCertificate? _current;

    /// <summary>The certificate for new calls. Any thread.</summary>
    public DtlsCertificate Current() => _current ?? own.Current();

    /// <summary>Keeps it up to date until <paramref name="stopped"/>.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryReadAsync(stopped) ? s_look : s_retry, stopped);
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    private async ValueTask<bool> TryReadAsync(CancellationToken stopped)
    {
        try
        {
            long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var found = await store.RunAsync(new OfferCertificate(0, 0, default), stopped);
            if (found.Made == 0 || now >= found.Made + s_renewSeconds)
            {
                byte[] made = JsonSerializer.SerializeToUtf8Bytes(own.Make(now));
                found = await store.RunAsync(new OfferCertificate(found.Made, now, made), stopped);
                log.LogInformation("DTLS certificate of the cluster: {What}", found.Made == now ? "a new one is in force" : "another node made a new one");
            }

            _current = JsonSerializer.Deserialize<DtlsCertificate>(found.Certificate.Span);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or FormatException or JsonException)
        {
            log.LogDebug("no certificate of the cluster: {Problem}", e.Message);
            return false;
        }
    }
}
