using Microsoft.Extensions.Logging;
using RtpCluster.CallActors;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Ng;
using RtpCluster.NodeAgent;
using RtpCluster.Telemetry.Metrics;

namespace RtpCluster.Server.Roles;

/// <summary>
/// Gathers what the parts of a node count. <see cref="SampleAsync"/> runs once a second and gives the rates; readers get the latest sample of
/// the media process and everything else fresh.
/// </summary>
internal sealed class StatisticsReader(MediaNode node, Func<(int Calls, long Bytes)> stored, LoadGauge gauge, ILogger log)
{
    private readonly Instant _started = SystemClock.Now();
    private MediaTotals _media = new();
    private Counters _rate;
    private Counters _kernelRate;
    private Instant _sampled;

    /// <summary>The calls; set before the first read.</summary>
    public CallRegistry? Registry { get; set; }

    /// <summary>The listeners; set before the first read.</summary>
    public ControlStatistics? Control { get; set; }

    /// <summary>Reads the media process's totals and the machine's load.</summary>
    public async Task SampleAsync(CancellationToken cancel)
    {
        try
        {
            gauge.Sample();
            var media = await node.ReadTotalsAsync(cancel);
            var now = SystemClock.Now();
            double seconds = (now - _sampled) / 1e6;
            if (_sampled.Micros > 0 && seconds > 0.1)
            {
                // A media process that was replaced counts from zero again: no negative rates.
                _rate = Rate(media.Relayed, _media.Relayed, seconds);
                _kernelRate = Rate(media.Kernel, _media.Kernel, seconds);
                gauge.Bandwidth = _rate.Bytes + _kernelRate.Bytes;
            }

            (_media, _sampled) = (media, now);
        }
        catch (Exception e) when (e is MediaNodeException or IOException)
        {
            log.LogDebug("no statistics: {Problem}", e.Message);
        }
    }

    /// <summary>Everything, with the media process asked anew.</summary>
    public async ValueTask<NodeStatistics> ReadFreshAsync(CancellationToken cancel)
    {
        try
        {
            _media = await node.ReadTotalsAsync(cancel);
        }
        catch (MediaNodeException e)
        {
            log.LogDebug("no statistics: {Problem}", e.Message);
        }

        return Read();
    }

    /// <summary>Everything, with the latest sample of the media process.</summary>
    public NodeStatistics Read()
    {
        var clients = Control?.Clients() ?? [];
        return new NodeStatistics
        {
            Now = SystemClock.Now(),
            Started = _started,
            Sessions = Registry?.Host.Sessions.Read() ?? default,
            Requests =
            [
                .. clients.SelectMany(client => client.Verbs.Select(row =>
                    new RequestTotals(client.Address, NgVerbs.Of(row.Verb).ShortName, row.Count, row.TotalMicros / 1e6))),
            ],
            RequestErrors = [.. clients.Select(client => new KeyValuePair<string, long>(client.Address, client.Errors))],
            ControlCounters = ControlCounters(),
            Media = _media,
            Rate = _rate,
            KernelRate = _kernelRate,
            KernelModule = node.KernelModule,
            Ports = node.PortPools,
            MediaRestarts = node.MediaProcessRestarts,
            StoredCalls = stored().Calls,
            JournalBytes = stored().Bytes,
        };
    }

    /// <summary>The ng reply of some statistics.</summary>
    public NgDictionary Reply(NodeStatistics statistics) => StatisticsReply.Build(statistics, Control?.ToReply() ?? new NgDictionary());

    private static Counters Rate(Counters now, Counters before, double seconds) => new(
        (long)(Math.Max(0, now.Packets - before.Packets) / seconds),
        (long)(Math.Max(0, now.Bytes - before.Bytes) / seconds),
        (long)(Math.Max(0, now.Errors - before.Errors) / seconds));

    private List<KeyValuePair<string, long>> ControlCounters() => Control is null ? [] :
    [
        new("duplicate", Control.Duplicates), new("malformed", Control.Malformed), new("unknown_word", Control.UnknownWords),
        new("dropped", Control.Dropped), new("refused_connection", Control.RefusedConnections), new("failure", Control.Failures),
    ];
}
