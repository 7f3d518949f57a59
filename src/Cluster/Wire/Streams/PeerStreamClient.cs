using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>The way to one life of another node: a stream, opened by the first request and again by the first after it broke. Safe for concurrent use.</summary>
/// <param name="client">What opens it.</param>
/// <param name="url">Where.</param>
/// <param name="to">The node.</param>
/// <param name="log">The log.</param>
internal sealed class PeerStreamClient(HttpClient client, string url, NodeRef to, ILogger log) : IDisposable
{
    private const int PauseMillis = 100;
    private readonly Lock _gate = new();
    private PeerStream? _stream;
    private long _openAgainAt;
    private bool _byPost;
    private bool _isDisposed;

    /// <summary>Asks. No answer at once while a stream that broke may not be opened again yet.</summary>
    public ValueTask<PeerAnswer<T>> AskAsync<T>(byte kind, IMessage message, MessageParser<T> parser, int limitMillis)
        where T : class, IMessage<T>
    {
        long now = Environment.TickCount64;
        PeerStream? stream;
        bool isNew = false;
        lock (_gate)
        {
            if (_byPost)
            {
                return new(new PeerAnswer<T>(null, true));
            }

            if (_stream is null && now >= _openAgainAt && !_isDisposed)
            {
                isNew = true;
                _openAgainAt = now + PauseMillis;
                _stream = new(to, log);
            }

            stream = _stream;
        }

        if (stream is null)
        {
            return default;
        }

        var answer = stream.AskAsync(kind, message, parser, now + limitMillis);
        if (isNew)
        {
            Background.Forget(new ValueTask(RunAsync(stream)), log, "a stream");
        }

        return answer;
    }

    /// <summary>Gives up what is due.</summary>
    public void Sweep(long now)
    {
        PeerStream? stream;
        lock (_gate)
        {
            stream = _stream;
        }

        stream?.Sweep(now);
    }

    /// <summary>Ends the stream.</summary>
    public void Dispose()
    {
        PeerStream? stream;
        lock (_gate)
        {
            _isDisposed = true;
            stream = _stream;
        }

        stream?.End(byPost: false);
    }

    private async Task RunAsync(PeerStream stream)
    {
        bool byPost = await stream.RunAsync(client, url).ConfigureAwait(false);
        lock (_gate)
        {
            _stream = null;
            _byPost = byPost;
        }

        stream.End(byPost);
        stream.Dispose();
    }
}
