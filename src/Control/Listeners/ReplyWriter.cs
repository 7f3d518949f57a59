using System.Net.Sockets;

namespace RtpCluster.Control.Listeners;

/// <summary>Writes the replies of concurrent requests to one connection, whole and one after the other. A client that takes too long loses it.</summary>
internal sealed class ReplyWriter(Socket connection, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Writes the reply once it is there; never throws.</summary>
    public async Task WriteAsync(ValueTask<byte[]?> work)
    {
        if (await work.ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        using var late = new CancellationTokenSource(patience);
        try
        {
            await _turn.WaitAsync(late.Token).ConfigureAwait(false);
            try
            {
                await Streams.SendAllAsync(connection, reply, late.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Half a reply may have gone out: the stream is of no use any more.
            connection.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
