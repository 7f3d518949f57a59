using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>
/// Keeps a media process running: when it dies a new one is started at once and given everything back. Requests wait meanwhile and are sent
/// again: all of them may be done twice. Safe for concurrent use.
/// </summary>
internal sealed class MediaSupervisor(MediaProcessLauncher launcher, ILogger logger, Func<MediaLink, Task> restore) : IAsyncDisposable
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<MediaLink> _gate = NewGate();
    private Task _watch = Task.CompletedTask;
    private long _restarts;
    private bool _surrendered;

    /// <summary>How often a media process had to be replaced.</summary>
    public long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>Process id of the newest media process.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Opens the first session.</summary>
    /// <exception cref="MediaNodeException">The media process does not start.</exception>
    public async Task<MediaSession> StartAsync(CancellationToken cancel)
    {
        var session = await launcher.OpenAsync(cancel).ConfigureAwait(false);
        ProcessId = session.Hello.ProcessId;
        _gate.SetResult(session.Link);
        _watch = WatchAsync(session.Link);
        return session;
    }

    /// <summary>Sends a request to the media process that is there, or to the next one.</summary>
    /// <exception cref="MediaNodeException">It refused, or does not come back.</exception>
    public async ValueTask<TReply> RequestAsync<TRequest, TReply>(
        MessageKind kind, TRequest? request, JsonTypeInfo<TRequest>? requestType, JsonTypeInfo<TReply>? replyType, CancellationToken cancel)
        where TRequest : class
        where TReply : class
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var gate = Volatile.Read(ref _gate).Task;
            try
            {
                var link = gate.IsCompletedSuccessfully ? gate.Result : await gate.WaitAsync(s_patience, cancel).ConfigureAwait(false);
                var reply = link.RequestAsync(kind, request, requestType, replyType);
                return await (cancel.CanBeCanceled ? reply.WaitAsync(cancel) : reply).ConfigureAwait(false);
            }
            catch (MediaLinkLostException)
            {
                // The watcher is about to replace the gate; wait there for the next process.
                while (Volatile.Read(ref _gate).Task == gate && !_stop.IsCancellationRequested)
                {
                    await Task.Delay(1, cancel).ConfigureAwait(false);
                }
            }
            catch (TimeoutException e)
            {
                throw new MediaNodeException("the media process does not come back", e);
            }
        }

        throw new MediaNodeException("the media process keeps dying");
    }

    /// <summary>Stops watching; ends the media process unless it is to stay.</summary>
    public async ValueTask StopAsync(bool keepMedia)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        if (!_gate.Task.IsCompletedSuccessfully)
        {
            if (!_surrendered)
            {
                // It died while we stop: the one that was being started has nobody to serve.
                await launcher.EnsureStoppedAsync(TimeSpan.Zero).ConfigureAwait(false);
            }

            return;
        }

        var link = _gate.Task.Result;
        if (!keepMedia)
        {
            var shutdown = link.RequestAsync<ErrorReply, ErrorReply>(MessageKind.Shutdown, null, null, null);
            await Task.WhenAny(shutdown, Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false);
            _ = shutdown.Exception;
        }

        link.Dispose();
        await link.Ended.ConfigureAwait(false);
        if (!keepMedia)
        {
            await launcher.EnsureStoppedAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(keepMedia: false).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WatchAsync(MediaLink link)
    {
        while (true)
        {
            await Task.WhenAny(link.Ended, Task.Delay(Timeout.Infinite, _stop.Token)).ConfigureAwait(false);
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            var gate = NewGate();
            Volatile.Write(ref _gate, gate);
            if (link.WasReplaced)
            {
                _surrendered = true;
                logger.LogCritical("another node has taken over the media process of this state directory");
                gate.SetException(new MediaNodeException("another node has taken over the media process"));
                return;
            }

            link.Dispose();
            Interlocked.Increment(ref _restarts);
            logger.LogError("the media process died: starting another one");
            if (await ReopenAsync().ConfigureAwait(false) is not { } fresh)
            {
                gate.TrySetException(new MediaNodeException("the node is stopping"));
                return;
            }

            link = fresh;
            gate.SetResult(link);
        }
    }

    private async Task<MediaLink?> ReopenAsync()
    {
        var pause = s_firstRetry;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var session = await launcher.OpenAsync(_stop.Token).ConfigureAwait(false);
                ProcessId = session.Hello.ProcessId;
                await restore(session.Link).ConfigureAwait(false);
                return session.Link;
            }
            catch (Exception e) when (e is MediaNodeException or IOException or TimeoutException or System.ComponentModel.Win32Exception)
            {
                logger.LogError("no media process yet: {Reason}", e.Message);
                await Task.WhenAny(Task.Delay(pause, _stop.Token)).ConfigureAwait(false);
                pause = pause < s_lastRetry ? pause * 2 : s_lastRetry;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    private static TaskCompletionSource<MediaLink> NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
