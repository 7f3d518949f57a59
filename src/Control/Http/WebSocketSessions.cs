using System.Net.WebSockets;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using RtpCluster.Contracts;
using RtpCluster.Control.Listeners;
using RtpCluster.Ng;

namespace RtpCluster.Control.Http;

/// <summary>WebSocket sessions: one message is one request. Replies may come in another order than their requests.</summary>
internal sealed class WebSocketSessions(ControlOptions options, Dispatcher dispatcher, ICliHandler cli, CookieCache cookies)
{
    /// <summary>What a message of a subprotocol is answered with; null: nothing.</summary>
    private delegate ValueTask<byte[]?> Answer(ReadOnlyMemory<byte> message, NetEndpoint client, CancellationToken stop);

    private static readonly Func<NetEndpoint, Task> NoWill = static _ => Task.CompletedTask;

    /// <summary>Accepts the first subprotocol asked for that we speak, and serves it to its end. False: none of them, nothing was sent.</summary>
    public async Task<bool> TryServeAsync(HttpContext context, NetEndpoint client, CancellationToken stop)
    {
        foreach (string protocol in context.WebSockets.WebSocketRequestedProtocols)
        {
            if (protocol == DemoSession.Protocol && options.DemoPage)
            {
                var session = new DemoSession(dispatcher, cookies);
                var accept = new WebSocketAcceptContext { SubProtocol = protocol, KeepAliveInterval = DemoSession.PingInterval, KeepAliveTimeout = DemoSession.PingTimeout };
                using var socket = await context.WebSockets.AcceptWebSocketAsync(accept).ConfigureAwait(false);
                await ServeAsync(socket, (message, from, _) => session.AnswerAsync(message, from), client, session.EndAsync, stop).ConfigureAwait(false);
                return true;
            }

            if (Find(protocol) is { } answer)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol).ConfigureAwait(false);
                await ServeAsync(socket, answer, client, NoWill, stop).ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    private Answer? Find(string protocol) => protocol switch
    {
        "ng.rtpengine.com" => (message, client, _) => dispatcher.DispatchAsync(cookies, message.Span, client),
        "ng-plain.rtpengine.com" => (message, client, _) => dispatcher.DispatchPlainAsync(message.Span, client),
        "cli.rtpengine.com" => async (message, _, stop) =>
            NgCodec.ToBytes(await cli.ExecuteAsync(NgCodec.FromBytes(message.Span).TrimEnd('\r', '\n'), stop).ConfigureAwait(false)),
        "echo.rtpengine.com" => (message, _, _) => new ValueTask<byte[]?>(message.ToArray()),
        _ => null,
    };

    private async Task ServeAsync(WebSocket socket, Answer answer, NetEndpoint client, Func<NetEndpoint, Task> gone, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1, 1);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var stopped = Task.Delay(Timeout.Infinite, stopping.Token);
        var reader = new WebSocketReader(socket, options.MaxMessageBytes);
        var running = new RunningRequests();
        while (true)
        {
            // A cancelled receive would abort the socket under the replies still to come: on a stop it is left alone.
            var reading = reader.ReadAsync();
            if (await Task.WhenAny(reading, stopped).ConfigureAwait(false) == stopped || await reading.ConfigureAwait(false) is not { } message)
            {
                break;
            }

            running.Add(ReplyAsync(socket, turn, answer(message.Bytes, client, stop), message.IsText));
            await running.ThrottleAsync().ConfigureAwait(false);
        }

        await running.WhenAllAsync().ConfigureAwait(false);
        if (!stop.IsCancellationRequested)
        {
            await gone(client).ConfigureAwait(false);
        }

        await stopping.CancelAsync().ConfigureAwait(false);
        await CloseAsync(socket, reader.IsTooBig ? WebSocketCloseStatus.MessageTooBig : WebSocketCloseStatus.NormalClosure).ConfigureAwait(false);
    }

    private async Task ReplyAsync(WebSocket socket, SemaphoreSlim turn, ValueTask<byte[]?> work, bool asText)
    {
        if (await work.ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        using var late = new CancellationTokenSource(options.SlowClientTimeout);
        try
        {
            await turn.WaitAsync(late.Token).ConfigureAwait(false);
            try
            {
                // A text frame must be UTF-8 (RFC 6455 section 5.6); bencode of other bytes can only go as binary.
                var type = asText && Utf8.IsValid(reply) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await socket.SendAsync(reply, type, true, late.Token).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    private async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var late = new CancellationTokenSource(options.SlowClientTimeout);
        try
        {
            await socket.CloseOutputAsync(status, null, late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It was going anyway.
        }
    }
}
