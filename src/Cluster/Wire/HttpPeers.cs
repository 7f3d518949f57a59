using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire.Streams;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>The other nodes over HTTP/2, what is frequent by streams, and this one without any network. Safe for concurrent use.</summary>
public sealed class HttpPeers : IPeers, IDisposable
{
    private const int CallMillis = 1000, FenceMillis = 3000, WindowBytes = 1024 * 1024;
    private readonly PeerService _self;
    private readonly MediaDirectory _directory;
    private readonly ClusterTimers _timers;
    private readonly ILogger _log;
    private readonly HttpClient _client;
    private readonly PeerStreams _streams;
    private readonly string _scheme;

    /// <summary>Makes it.</summary>
    /// <param name="self">What this node does for itself.</param>
    /// <param name="directory">Where the others are.</param>
    /// <param name="timers">How long each may take.</param>
    /// <param name="secret">What every request carries.</param>
    /// <param name="tls">Mutual TLS; null: plain HTTP/2.</param>
    /// <param name="log">The log.</param>
    public HttpPeers(PeerService self, MediaDirectory directory, ClusterTimers timers, string secret, PeerTls? tls, ILogger log)
    {
        _self = self;
        _directory = directory;
        _timers = timers;
        _log = log;
        _scheme = tls is null ? "http" : "https";
        _client = MakeClient(secret, tls);
        _streams = new(MakeClient(secret, tls), _scheme, directory, log);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ProbeAsync(NodeRef to, NodeRef about)
    {
        if (to == _self.Self)
        {
            return about.IsNone || await _self.Probe(about).ConfigureAwait(false);
        }

        int limit = about.IsNone ? _timers.Probe : _timers.Probe * 2;
        return await PostAsync("probe", to, new ProbeMessage { About = about.ToString(), From = _self.Self.ToString() }, ProbeAnswer.Parser, limit).ConfigureAwait(false) is { Alive: true };
    }

    /// <inheritdoc/>
    public async ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token, bool whole)
    {
        if (to == _self.Self)
        {
            return _self.Fence(shard, token, whole);
        }

        var message = new FenceMessage { Shard = shard, Epoch = token.Epoch, Incarnation = token.Incarnation, StampsOnly = !whole };
        return await PostAsync("fence", to, message, FenceAnswer.Parser, FenceMillis).ConfigureAwait(false) is { } answer ? WireConverter.FromWire(answer) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command)
    {
        var message = new CommandRequest
        {
            Shard = command.Shard,
            Cookie = command.Cookie,
            Client = command.Client,
            Body = UnsafeByteOperations.UnsafeWrap(command.Body),
            Relay = command.Relay,
        };
        var answer = await StreamAsync(PeerRows.Command, "command", to, message, CommandAnswer.Parser, _timers.Command).ConfigureAwait(false);
        return answer is null ? null : new(answer.Served, answer.Reply.Memory);
    }

    /// <inheritdoc/>
    public async ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request)
    {
        if (to == _self.Self)
        {
            return await _self.MediaAsync(request, CancellationToken.None).ConfigureAwait(false);
        }

        var answer = await StreamAsync(PeerRows.Media, "media", to, WireConverter.ToWire(request), MediaAnswer.Parser, CallMillis).ConfigureAwait(false);
        return answer is null ? null : WireConverter.FromWire(answer);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FactAsync(NodeRef to, MediaFact fact)
    {
        if (to == _self.Self)
        {
            return _self.Fact(fact);
        }

        var (kind, json) = WireJson.WriteFact(fact);
        var message = new FactMessage { Kind = kind, Fact = UnsafeByteOperations.UnsafeWrap(json) };
        return await StreamAsync(PeerRows.Fact, "fact", to, message, FactAnswer.Parser, CallMillis).ConfigureAwait(false) is { Taken: true };
    }

    /// <inheritdoc/>
    public async ValueTask<string?> AskAsync(NodeRef to, string line) => to == _self.Self
        ? await _self.Ask(line).ConfigureAwait(false)
        : (await PostAsync("ask", to, new AskMessage { Line = line }, AskAnswer.Parser, _timers.Command).ConfigureAwait(false))?.Text;

    /// <inheritdoc/>
    public async ValueTask<bool> LeaveAddressAsync(NodeRef to, IpAddress address, long epoch, int limitMillis)
    {
        var message = new LeaveMessage { Address = address.ToString(), Epoch = epoch };
        return await PostAsync("leave", to, message, LeaveAnswer.Parser, limitMillis).ConfigureAwait(false) is { Left: true };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _streams.Dispose();
        _client.Dispose();
    }

    private HttpClient MakeClient(string secret, PeerTls? tls)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(_timers.Probe * 2),
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            // A connection to a host that is gone must not swallow what is sent to its successor.
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            InitialHttp2StreamWindowSize = WindowBytes,
        };
        if (tls is not null)
        {
            handler.SslOptions = tls.Client(_log);
        }

        var client = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.TryAddWithoutValidation("authorization", secret);
        return client;
    }

    // What is frequent goes over a stream; a node of a version that has none is asked as ever.
    private async ValueTask<T?> StreamAsync<T>(byte kind, string name, NodeRef to, IMessage message, MessageParser<T> parser, int limitMillis)
        where T : class, IMessage<T>
    {
        var answer = await _streams.AskAsync(to, kind, message, parser, limitMillis).ConfigureAwait(false);
        return answer.ByPost ? await PostAsync(name, to, message, parser, limitMillis).ConfigureAwait(false) : answer.Message;
    }

    private async Task<T?> PostAsync<T>(string name, NodeRef to, IMessage message, MessageParser<T> parser, int limitMillis)
        where T : class, IMessage<T>
    {
        if (_directory.AddressOf(to) is not { Length: > 0 } address)
        {
            return null;
        }

        try
        {
            using var limit = new CancellationTokenSource(limitMillis);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{_scheme}://{address}{PeerServer.Prefix}{name}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(message.ToByteArray()),
            };
            request.Headers.TryAddWithoutValidation(PeerServer.ToHeader, to.ToString());
            using var response = await _client.SendAsync(request, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidProtocolBufferException or IOException)
        {
            _log.LogDebug("{Name} to {Node}: {Problem}", name, to, e.Message);
            return null;
        }
    }
}
