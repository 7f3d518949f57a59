using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Control.Listeners;

/// <summary>The command-line interface over TCP: one line in, its output back, close.</summary>
internal sealed class CliListener(NetEndpoint endpoint, ControlOptions options, ICliHandler cli, ControlStatistics statistics, ILogger logger)
    : StreamListener("listen-cli", endpoint, options, statistics, logger)
{
    /// <summary>Longer lines are cut off by closing the connection.</summary>
    private const int MaxLine = 4096;

    /// <inheritdoc/>
    protected override async Task ServeAsync(Socket connection, NetEndpoint client, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Options.SlowClientTimeout);
        if (await ReadLineAsync(connection, patience.Token).ConfigureAwait(false) is not { } line)
        {
            Statistics.CountMalformed();
            Logger.ConnectionClosed("listen-cli", client, $"no command line within {MaxLine} bytes");
            return;
        }

        string output = await cli.ExecuteAsync(line, stop).ConfigureAwait(false);
        using var sending = new CancellationTokenSource(Options.SlowClientTimeout);
        await Streams.SendAllAsync(connection, NgCodec.ToBytes(output), sending.Token).ConfigureAwait(false);
        connection.Shutdown(SocketShutdown.Send);
    }

    /// <summary>The first line, without its end; the end of the stream ends a line, too. Null: too long or empty stream.</summary>
    private static async ValueTask<string?> ReadLineAsync(Socket connection, CancellationToken cancel)
    {
        var buffer = new byte[MaxLine];
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = await connection.ReceiveAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            int end = buffer.AsSpan(filled, read).IndexOf((byte)'\n');
            filled += read;
            if (end >= 0 || read == 0)
            {
                int length = end >= 0 ? filled - read + end : filled;
                return filled == 0 ? null : NgCodec.FromBytes(buffer.AsSpan(0, length)).TrimEnd('\r');
            }
        }

        return null;
    }
}
