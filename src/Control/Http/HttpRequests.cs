using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RtpCluster.Contracts;
using RtpCluster.Control.Listeners;
using RtpCluster.Ng;

namespace RtpCluster.Control.Http;

/// <summary>The table of HTTP requests, and what each of them does.</summary>
internal sealed class HttpRequests
{
    private const string Text = "text/plain";
    private const string Ng = "application/x-rtpengine-ng";
    private const string Json = "application/json";

    /// <summary>Not a status of RFC 9110: clients of the peer look for this one when a handler fails.</summary>
    private const int HandlerFailed = 600;

    private readonly (string Method, string Path, string[] ContentTypes, Func<HttpContext, NetEndpoint, CancellationToken, Task> Serve)[] _table;
    private readonly ControlOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly ICliHandler _cli;
    private readonly Func<string> _metrics;
    private readonly CookieCache _cookies;
    private readonly WebSocketSessions _webSockets;

    public HttpRequests(ControlOptions options, Dispatcher dispatcher, ICliHandler cli, Func<string> metrics, TimeProvider time)
    {
        _options = options;
        _dispatcher = dispatcher;
        _cli = cli;
        _metrics = metrics;
        _cookies = new CookieCache(time);
        _webSockets = new WebSocketSessions(options, dispatcher, cli, _cookies);
        _table =
        [
            ("GET", "/ping", [], (context, _, _) => ReplyAsync(context, StatusCodes.Status200OK, Text, "pong\n")),
            ("GET", "/ready", [], (context, _, _) => _options.Ready()
                ? ReplyAsync(context, StatusCodes.Status200OK, Text, "ready\n")
                : ReplyAsync(context, StatusCodes.Status503ServiceUnavailable, Text, "not ready\n")),
            ("GET", "/metrics", [], (context, _, _) => ReplyAsync(context, StatusCodes.Status200OK, Text, _metrics())),
            ("GET", "/demo", [], (context, _, _) => _options.DemoPage ? DemoPage.ServeAsync(context) : NotFoundAsync(context)),
            ("GET", "/cli/*", [], (context, _, stop) => CliAsync(context, CliLine(context.Request.Path), stop)),
            ("POST", "/cli", [Text], async (context, _, stop) =>
                await CliAsync(context, NgCodec.FromBytes(await BodyAsync(context).ConfigureAwait(false)), stop).ConfigureAwait(false)),
            ("POST", "/ng", [Ng], NgAsync),
            ("POST", "/ng-plain", [Ng, Json], NgPlainAsync),
            ("OPTIONS", "*", [], (context, _, _) => OptionsAsync(context)),
        ];
    }

    /// <summary>Serves one request. <paramref name="stop"/>: the listener stops.</summary>
    public async Task ServeAsync(HttpContext context, CancellationToken stop)
    {
        try
        {
            await RouteAsync(context, ClientOf(context), stop).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone, or we stop.
            context.Abort();
        }
    }

    private static NetEndpoint ClientOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? Sockets.FromSystem(new IPEndPoint(address, context.Connection.RemotePort)) : default;

    private async Task RouteAsync(HttpContext context, NetEndpoint client, CancellationToken stop)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            if (!await _webSockets.TryServeAsync(context, client, stop).ConfigureAwait(false))
            {
                await NotFoundAsync(context).ConfigureAwait(false);
            }

            return;
        }

        var request = context.Request;
        foreach (var (method, path, types, serve) in _table)
        {
            if (request.Method != method || !Matches(request.Path, path))
            {
                continue;
            }

            if (method == "POST" && (request.ContentType is null || request.ContentLength is null))
            {
                await FailAsync(context).ConfigureAwait(false);
            }
            else if (types.Length > 0 && !types.Contains(request.ContentType!.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
            {
                break;
            }
            else
            {
                await serve(context, client, stop).ConfigureAwait(false);
            }

            return;
        }

        await NotFoundAsync(context).ConfigureAwait(false);
    }

    private static bool Matches(PathString path, string pattern) =>
        pattern == "*" || path.Value == pattern
        || (pattern.EndsWith('*') && path.Value!.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static string CliLine(PathString path) =>
        NgCodec.FromBytes(Encoding.UTF8.GetBytes(path.Value!["/cli/".Length..])).Replace('/', ' ').Replace('+', ' ');

    private async Task CliAsync(HttpContext context, string line, CancellationToken stop)
    {
        string output = await _cli.ExecuteAsync(line.TrimEnd('\r', '\n'), stop).ConfigureAwait(false);
        await ReplyAsync(context, StatusCodes.Status200OK, Text, NgCodec.ToBytes(output)).ConfigureAwait(false);
    }

    private async Task NgAsync(HttpContext context, NetEndpoint client, CancellationToken stop)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        await ReplyNgAsync(context, Ng, await _dispatcher.DispatchAsync(_cookies, body, client).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task NgPlainAsync(HttpContext context, NetEndpoint client, CancellationToken stop)
    {
        var body = await BodyAsync(context).ConfigureAwait(false);
        string type = context.Request.ContentType!.StartsWith(Json, StringComparison.OrdinalIgnoreCase) ? Json : Ng;
        await ReplyNgAsync(context, type, await _dispatcher.DispatchPlainAsync(body, client).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static Task ReplyNgAsync(HttpContext context, string type, byte[]? reply) =>
        reply is null ? FailAsync(context) : ReplyAsync(context, StatusCodes.Status200OK, type, reply);

    private static Task OptionsAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = new StringValues("GET, POST, OPTIONS");
        headers.AccessControlAllowHeaders = "Content-Type";
        headers.AccessControlMaxAge = "86400";
        return ReplyAsync(context, StatusCodes.Status200OK, Text, string.Empty);
    }

    private static Task NotFoundAsync(HttpContext context) => ReplyAsync(context, StatusCodes.Status404NotFound, Text, "not found\n");

    private static Task FailAsync(HttpContext context) => ReplyAsync(context, HandlerFailed, Text, "error\n");

    private static Task ReplyAsync(HttpContext context, int status, string type, string text) =>
        ReplyAsync(context, status, type, Encoding.UTF8.GetBytes(text));

    private static Task ReplyAsync(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The whole body; its length is known.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than we take.</exception>
    private async ValueTask<byte[]> BodyAsync(HttpContext context)
    {
        long length = context.Request.ContentLength!.Value;
        if (length > _options.MaxMessageBytes)
        {
            throw new BadHttpRequestException("Request body too large", StatusCodes.Status413PayloadTooLarge);
        }

        var body = new byte[(int)length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body;
    }
}
