using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>One stream to another node, from its POST until it breaks: many requests under way, answers in any order. Safe for concurrent use.</summary>
/// <param name="to">The life of the node that it is for.</param>
/// <param name="log">The log.</param>
internal sealed class PeerStream(NodeRef to, ILogger log) : IDisposable
{
    private const int OpenMillis = 3000;
    private static readonly StreamPipeReaderOptions s_reading = new(bufferSize: 16 * 1024, minimumReadSize: 1024);
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, PendingAnswer> _pending = [];
    private readonly CancellationTokenSource _cancel = new();
    private readonly FrameWriter _requests = new();
    private uint _lastId;
    private bool _hasEnded;

    /// <summary>Asks; may be called before the stream is open.</summary>
    public ValueTask<PeerAnswer<T>> AskAsync<T>(byte kind, IMessage message, MessageParser<T> parser, long due)
        where T : class, IMessage<T>
    {
        var pending = new PendingAnswer<T>(parser, due);
        uint id;
        lock (_gate)
        {
            if (_hasEnded)
            {
                return default;
            }

            id = ++_lastId;
            _pending[id] = pending;
        }

        if (!_requests.TryWrite(id, kind, message) && Take(id) is { } unsent)
        {
            unsent.Fail(byPost: false);
        }

        return pending.Answer;
    }

    /// <summary>Opens it and takes answers until it breaks; never faults.</summary>
    /// <returns>True: the other node knows no streams.</returns>
    public async Task<bool> RunAsync(HttpClient client, string url)
    {
        try
        {
            using var content = new DuplexContent();
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = content,
            };
            request.Headers.TryAddWithoutValidation(PeerServer.ToHeader, to.ToString());
            _cancel.CancelAfter(OpenMillis);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _cancel.Token).ConfigureAwait(false);
            _cancel.CancelAfter(Timeout.Infinite);
            if (!response.IsSuccessStatusCode)
            {
                log.LogDebug("the stream to {Node} is refused: {Status}", to, (int)response.StatusCode);
                return response.StatusCode == HttpStatusCode.NotFound;
            }

            _requests.Open(content.SendAsync, Break);
            var input = await response.Content.ReadAsStreamAsync(_cancel.Token).ConfigureAwait(false);
            await ReadAsync(PipeReader.Create(input, s_reading)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            log.LogDebug("the stream to {Node}: {Problem}", to, e.Message);
        }

        return false;
    }

    /// <summary>Lets everybody who still waits go.</summary>
    public void End(bool byPost)
    {
        PendingAnswer[] lost;
        lock (_gate)
        {
            _hasEnded = true;
            lost = [.. _pending.Values];
            _pending.Clear();
        }

        _ = _requests.CloseAsync();
        Break();
        Array.ForEach(lost, p => p.Fail(byPost));
    }

    /// <summary>Gives up what is due.</summary>
    public void Sweep(long now)
    {
        List<PendingAnswer>? late = null;
        lock (_gate)
        {
            foreach (var (id, pending) in _pending)
            {
                if (pending.Due <= now)
                {
                    _pending.Remove(id);
                    (late ??= []).Add(pending);
                }
            }
        }

        late?.ForEach(static p => p.Fail(byPost: false));
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    private async Task ReadAsync(PipeReader reader)
    {
        for (bool open = true; open;)
        {
            var result = await reader.ReadAsync(_cancel.Token).ConfigureAwait(false);
            var bytes = result.Buffer;
            PendingAnswer? last = null;
            FrameOutcome outcome;
            while ((outcome = PeerFrame.TryRead(ref bytes, out var frame)) == FrameOutcome.Frame)
            {
                // Who gave up is not there any more.
                if (Take(frame.Id) is { } pending)
                {
                    last?.Complete(here: false);
                    pending.Read(frame);
                    last = pending;
                }
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
            last?.Complete(here: true);
            if (outcome == FrameOutcome.Damaged)
            {
                log.LogWarning("{Node} answers with a damaged frame: its stream is closed", to);
            }

            open = outcome != FrameOutcome.Damaged && !result.IsCompleted;
        }
    }

    private void Break()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private PendingAnswer? Take(uint id)
    {
        lock (_gate)
        {
            return _pending.Remove(id, out var pending) ? pending : null;
        }
    }
}
