using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>The streams to all other nodes, on connections of their own: a bulk there does not delay a probe. Safe for concurrent use.</summary>
internal sealed class PeerStreams : IDisposable
{
    private const int SweepMillis = 50;
    private readonly ConcurrentDictionary<NodeRef, PeerStreamClient> _clients = new();
    private readonly MediaDirectory _directory;
    private readonly HttpClient _client;
    private readonly string _scheme;
    private readonly ILogger _log;
    private readonly Timer _timer;

    /// <summary>Makes it.</summary>
    /// <param name="client">What opens streams; disposed with it.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="directory">Where the others are.</param>
    /// <param name="log">The log.</param>
    public PeerStreams(HttpClient client, string scheme, MediaDirectory directory, ILogger log)
    {
        _client = client;
        _scheme = scheme;
        _directory = directory;
        _log = log;
        _timer = new Timer(_ => Sweep(), null, SweepMillis, SweepMillis);
    }

    /// <summary>Asks a node.</summary>
    public ValueTask<PeerAnswer<T>> AskAsync<T>(NodeRef to, byte kind, IMessage message, MessageParser<T> parser, int limitMillis)
        where T : class, IMessage<T>
    {
        if (!_clients.TryGetValue(to, out var client))
        {
            if (_directory.AddressOf(to) is not { Length: > 0 } address)
            {
                return default;
            }

            client = _clients.GetOrAdd(to, node => new(_client, $"{_scheme}://{address}{PeerServer.Prefix}{PeerRows.Stream}", node, _log));
        }

        return client.AskAsync(kind, message, parser, limitMillis);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        _client.Dispose();
    }

    private void Sweep()
    {
        long now = Environment.TickCount64;
        foreach (var (node, client) in _clients)
        {
            client.Sweep(now);
            if (_directory.AddressOf(node) is not { Length: > 0 } && _clients.TryRemove(node, out _))
            {
                client.Dispose();
            }
        }
    }
}
