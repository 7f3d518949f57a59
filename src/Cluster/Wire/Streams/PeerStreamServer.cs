using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>The server's end of one stream: begins each request when it comes, and answers each when it is done.</summary>
internal sealed class PeerStreamServer
{
    private readonly FrameWriter _answers = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PeerRows _rows;
    private readonly ILogger _log;

    // The reader counts as one.
    private int _running = 1;

    private PeerStreamServer(PeerRows rows, ILogger log)
    {
        _rows = rows;
        _log = log;
    }

    /// <summary>Serves a stream until its asker ends it, it breaks, or this node stops.</summary>
    public static async Task ServeAsync(HttpContext context, PeerRows rows, ILogger log, CancellationToken stopping)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        var output = context.Response.BodyWriter;
        await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        var stream = new PeerStreamServer(rows, log);
        stream._answers.Open(bytes => Flushed(output.WriteAsync(bytes)), context.Abort);
        var reader = context.Request.BodyReader;
        await using var stop = stopping.UnsafeRegister(static r => Cancel((PipeReader)r!), reader).ConfigureAwait(false);
        try
        {
            if (await stream.ReadAsync(reader).ConfigureAwait(false))
            {
                await stream.EndAsync().WaitAsync(context.RequestAborted).ConfigureAwait(false);
            }
            else
            {
                log.LogWarning("{Peer} sends a damaged frame: its stream is closed", context.Connection.RemoteIpAddress);
                context.Abort();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            log.LogDebug("a stream of {Peer} broke: {Problem}", context.Connection.RemoteIpAddress, e.Message);
        }
        finally
        {
            await stream._answers.CloseAsync().ConfigureAwait(false);
        }
    }

    // Kestrel refuses this on a stream that has just broken; its reader gets to know by itself, and whoever stops us must not.
    private static void Cancel(PipeReader reader)
    {
        try
        {
            reader.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }

    // False: damaged.
    private async Task<bool> ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync().ConfigureAwait(false);
            var bytes = result.Buffer;
            PeerFrame? last = null;
            FrameOutcome outcome;
            while ((outcome = PeerFrame.TryRead(ref bytes, out var frame)) == FrameOutcome.Frame)
            {
                // Of several the last one begins here, the others beside it.
                if (last is { } other)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(new Queued(this, other), preferLocal: false);
                }

                last = frame;
            }

            if (last is { } here)
            {
                Begin(here);
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
            if (outcome == FrameOutcome.Damaged || result.IsCompleted || result.IsCanceled)
            {
                return outcome != FrameOutcome.Damaged;
            }
        }
    }

    private void Begin(PeerFrame frame)
    {
        Interlocked.Increment(ref _running);
        _ = RunAsync(frame);
    }

    // The body is read before the first wait. The asker may give up; what it asked for goes on to its end.
    private async Task RunAsync(PeerFrame frame)
    {
        IMessage? answer = null;
        try
        {
            answer = _rows.TryFind(frame.Code, out var row) ? await row(frame.Body).ConfigureAwait(false) : null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or System.Text.Json.JsonException)
        {
            _log.LogDebug("a request on a stream: {Problem}", e.Message);
        }
#pragma warning disable CA1031 // A fault of one request must harm no other.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "a request of another node failed");
        }

        if (!_answers.TryWrite(frame.Id, answer is null ? PeerFrame.Refused : PeerFrame.Answered, answer) && answer is not null)
        {
            _answers.TryWrite(frame.Id, PeerFrame.Refused, null);
        }

        Leave();
    }

    private Task EndAsync()
    {
        Leave();
        return _idle.Task;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.TrySetResult();
        }
    }

    private static async ValueTask Flushed(ValueTask<FlushResult> flush)
    {
        if ((await flush.ConfigureAwait(false)).IsCompleted)
        {
            throw new IOException("the asker is gone");
        }
    }

    private sealed class Queued : IThreadPoolWorkItem
    {
        private readonly PeerStreamServer _stream;
        private readonly PeerFrame _frame;
        private readonly byte[] _body;

        // What it was read from is given back before it runs.
        public Queued(PeerStreamServer stream, PeerFrame frame)
        {
            int length = (int)frame.Body.Length;
            _stream = stream;
            _body = ArrayPool<byte>.Shared.Rent(length);
            frame.Body.CopyTo(_body);
            _frame = frame with { Body = new(_body, 0, length) };
            Interlocked.Increment(ref stream._running);
        }

        public void Execute()
        {
            _ = _stream.RunAsync(_frame);
            ArrayPool<byte>.Shared.Return(_body);
        }
    }
}
