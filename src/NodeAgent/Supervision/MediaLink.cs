using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>The connection to the media process was lost; the request may or may not have been done.</summary>
internal sealed class MediaLinkLostException() : IOException("the media process is gone");

/// <summary>One connection to a media process, with any number of requests in flight. Safe for concurrent use.</summary>
internal sealed class MediaLink : IDisposable
{
    private readonly ConcurrentDictionary<uint, Pending> _pending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameConnection _connection;
    private readonly Action<MediaFact> _onFact;
    private uint _lastId;
    private volatile bool _ended;

    private MediaLink(Socket socket, Action<MediaFact> onFact)
    {
        _connection = new FrameConnection(socket);
        _onFact = onFact;
        Ended = RunAsync();
    }

    /// <summary>Completes when the connection is gone; never faults.</summary>
    public Task Ended { get; }

    /// <summary>It went because another controller took over.</summary>
    public bool WasReplaced { get; private set; }

    /// <summary>Connects; null: nobody serves the path.</summary>
    /// <param name="path">The Unix socket.</param>
    /// <param name="onFact">Takes facts, on the reading task: must return at once.</param>
    public static MediaLink? TryConnect(string path, Action<MediaFact> onFact)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new MediaLink(socket, onFact);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="MediaLinkLostException">The connection ended first.</exception>
    /// <exception cref="MediaNodeException">The media process refused.</exception>
    public Task<TReply> RequestAsync<TRequest, TReply>(
        MessageKind kind, TRequest? request, JsonTypeInfo<TRequest>? requestType, JsonTypeInfo<TReply>? replyType)
        where TRequest : class
        where TReply : class
    {
        uint id = Interlocked.Increment(ref _lastId);
        var pending = new Pending<TReply>(replyType);
        _pending[id] = pending;
        if (_ended && _pending.TryRemove(id, out _))
        {
            pending.Fail(new MediaLinkLostException());
        }
        else if (request is null || requestType is null)
        {
            _connection.Send(kind, id);
        }
        else
        {
            _connection.Send(kind, id, request, requestType);
        }

        return pending.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _connection.Dispose();
    }

    private async Task RunAsync()
    {
        await _connection.RunAsync(OnFrame, _stop.Token).ConfigureAwait(false);
        _ended = true;
        foreach (uint id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out var pending))
            {
                pending.Fail(new MediaLinkLostException());
            }
        }
    }

    private void OnFrame(MessageKind kind, uint id, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case MessageKind.Fact:
                if (JsonSerializer.Deserialize(payload, Protocol.Default.FactMessage)?.Open() is { } fact)
                {
                    _onFact(fact);
                }

                break;
            case MessageKind.Replaced:
                WasReplaced = true;
                break;
            case MessageKind.Error when _pending.TryRemove(id, out var refused):
                refused.Fail(new MediaNodeException(JsonSerializer.Deserialize(payload, Protocol.Default.ErrorReply)?.Message ?? "refused"));
                break;
            default:
                if (_pending.TryRemove(id, out var pending))
                {
                    pending.Complete(payload);
                }

                break;
        }
    }

    private abstract class Pending
    {
        public abstract void Complete(ReadOnlySpan<byte> payload);

        public abstract void Fail(Exception error);
    }

    private sealed class Pending<T>(JsonTypeInfo<T>? type) : Pending
        where T : class
    {
        // What awaits the answer goes on right here, on the reading thread: it must not block.
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override void Complete(ReadOnlySpan<byte> payload)
        {
            try
            {
                _source.TrySetResult(type is null ? null! : JsonSerializer.Deserialize(payload, type)!);
            }
            catch (JsonException e)
            {
                _source.TrySetException(new MediaNodeException("the media process sent a bad answer", e));
            }
        }

        public override void Fail(Exception error) => _source.TrySetException(error);
    }
}
