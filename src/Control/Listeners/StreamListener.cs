using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;

namespace RtpCluster.Control.Listeners;

/// <summary>Accepts TCP connections on one address, at most <see cref="ControlOptions.MaxConnections"/> at once, and runs a session on each.</summary>
internal abstract class StreamListener(string option, NetEndpoint endpoint, ControlOptions options, ControlStatistics statistics, ILogger logger)
    : IListener
{
    private readonly Socket _socket = new(Sockets.Family(endpoint), SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, TaskCompletionSource> _sessions = new();
    private Task _accepting = Task.CompletedTask;

    /// <summary>What it is bound to; tells the port when the option said 0.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The options.</summary>
    protected ControlOptions Options => options;

    /// <summary>Where sessions log.</summary>
    protected ILogger Logger => logger;

    /// <summary>Where sessions count.</summary>
    protected ControlStatistics Statistics => statistics;

    /// <inheritdoc/>
    public Task StartAsync()
    {
        try
        {
            Sockets.SetFamilyOnly(_socket);
            _socket.Bind(Sockets.ToSystem(endpoint));
            _socket.Listen();
        }
        catch (SocketException e)
        {
            throw ListenException.For(option, endpoint, e);
        }

        logger.Listening(option, endpoint);
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_sessions.Values.Select(ended => ended.Task)).WaitAsync(options.StopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A client that does not take its reply.
        }

        foreach (var connection in _sessions.Keys)
        {
            connection.Dispose();
        }

        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>
    /// Serves one connection until either side ends it; the caller closes it. <paramref name="stop"/>: read no more requests.
    /// </summary>
    protected abstract Task ServeAsync(Socket connection, NetEndpoint client, CancellationToken stop);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (_sessions.Count >= options.MaxConnections)
                {
                    statistics.CountRefusedConnection();
                    connection.Dispose();
                    continue;
                }

                connection.NoDelay = true;
                var client = Sockets.FromSystem(connection.RemoteEndPoint);
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sessions[connection] = ended;
                _ = Task.Run(() => RunAsync(connection, client, ended));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors or the like: give others a moment, then go on.
                logger.ListenerTrouble(option, endpoint, "accept failed", e);
                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(Socket connection, NetEndpoint client, TaskCompletionSource ended)
    {
        try
        {
            await ServeAsync(connection, client, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client went away, was too slow, or we stop: nobody is left to tell.
            logger.ConnectionClosed(option, client, e.Message);
        }
        finally
        {
            _sessions.TryRemove(connection, out _);
            connection.Dispose();
            ended.SetResult();
        }
    }
}
