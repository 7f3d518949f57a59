using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;

namespace RtpCluster.Control.Listeners;

/// <summary>ng over TCP: back-to-back <c>cookie SP bencode-dictionary</c>, nothing between. Replies come as they are ready, matched by cookie.</summary>
internal sealed class TcpNgListener(
    NetEndpoint endpoint, ControlOptions options, Dispatcher dispatcher, ControlStatistics statistics, TimeProvider time, ILogger logger)
    : StreamListener("listen-tcp-ng", endpoint, options, statistics, logger)
{
    private const int FirstBuffer = 4096;

    private readonly CookieCache _cookies = new(time);

    /// <inheritdoc/>
    protected override async Task ServeAsync(Socket connection, NetEndpoint client, CancellationToken stop)
    {
        using var replies = new ReplyWriter(connection, Options.SlowClientTimeout);
        var running = new RunningRequests();
        try
        {
            await ReadAsync(connection, client, replies, running, stop).ConfigureAwait(false);
        }
        finally
        {
            // The client may have closed its half after the last request, or we stop: what runs is still answered.
            await running.WhenAllAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(Socket connection, NetEndpoint client, ReplyWriter replies, RunningRequests running, CancellationToken stop)
    {
        var buffer = new byte[FirstBuffer];
        int filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = await connection.ReceiveAsync(buffer.AsMemory(filled), stop).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            filled += read;
            if (!TryServe(buffer, ref filled, client, replies, running))
            {
                Statistics.CountMalformed();
                Logger.ConnectionClosed("listen-tcp-ng", client, "not a cookie and a bencode dictionary");
                return;
            }

            await running.ThrottleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Starts every complete request of the buffer and moves the rest to its start; false: the stream is beyond repair.</summary>
    private bool TryServe(byte[] buffer, ref int filled, NetEndpoint client, ReplyWriter replies, RunningRequests running)
    {
        int at = 0;
        while (true)
        {
            var frame = StreamFrame.Find(buffer.AsSpan(at, filled - at), Options.MaxMessageBytes, out int start, out int length);
            if (frame != StreamFrameState.Complete)
            {
                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
                return frame == StreamFrameState.Incomplete;
            }

            var work = dispatcher.DispatchAsync(_cookies, buffer.AsSpan(at + start, length), client);
            running.Add(replies.WriteAsync(work));
            at += start + length;
        }
    }
}
