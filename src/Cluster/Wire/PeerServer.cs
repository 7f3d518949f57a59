using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire.Streams;

namespace RtpCluster.Cluster.Wire;

/// <summary>Takes what other nodes say: protobuf over HTTP/2, one URL a call, and one for a stream of calls. Refuses who does not know the cluster's key.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    internal const string Prefix = "/rtpcluster/v1/", ToHeader = "rtpcluster-to";
    private const string Stream = Prefix + PeerRows.Stream;
    private static readonly TimeSpan s_pingDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMilliseconds(200);
    private readonly PeerService _service;
    private readonly string _secret;
    private readonly PeerRows _rows;
    private readonly ILogger _log;
    private readonly WebApplication _app;

    // Not the host's lifetime: that ends at the first signal, when others still need this node's media and its answers.
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="listen">Where.</param>
    /// <param name="service">What answers.</param>
    /// <param name="secret">What every request must carry: <see cref="SecretSealer.PeerSecret"/>.</param>
    /// <param name="tls">Mutual TLS; null: plain HTTP/2.</param>
    /// <param name="loggers">The log.</param>
    public PeerServer(IPEndPoint listen, PeerService service, string secret, PeerTls? tls, ILoggerFactory loggers)
    {
        _service = service;
        _secret = secret;
        _rows = new(service);
        _log = loggers.CreateLogger("RtpCluster.Cluster");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_stopLimit);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            // Who vanished leaves streams behind.
            kestrel.Limits.Http2.KeepAlivePingDelay = s_pingDelay;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Listen(listen, o =>
            {
                o.Protocols = HttpProtocols.Http2;
                if (tls is not null)
                {
                    o.UseHttps(new HttpsConnectionAdapterOptions
                    {
                        ServerCertificateSelector = (_, _) => tls.Load(),
                        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                        ClientCertificateValidation = (certificate, _, _) => tls.Accepts(certificate, _log),
                    });
                }
            });
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public Task StartAsync() => _app.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        using var late = new CancellationTokenSource(s_stopLimit);
        await _app.StopAsync(late.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        string path = request.Path.Value ?? string.Empty;
        PeerRow? row = null;
        if (path != Stream && (!path.StartsWith(Prefix, StringComparison.Ordinal) || !_rows.TryFind(path[Prefix.Length..], out row)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!SecretSealer.SameSecret(request.Headers.Authorization.ToString(), _secret))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // A process that took this one's place at the same address must not answer for it.
        if (request.Headers[ToHeader].ToString() != _service.Self.ToString())
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }

        await (row is null
            ? PeerStreamServer.ServeAsync(context, _rows, _log, _stop.Token)
            : ServeAsync(context, row)).ConfigureAwait(false);
    }

    private static async Task ServeAsync(HttpContext context, PeerRow row)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        IMessage? answer;
        try
        {
            // The asker may give up; what it asked for goes on to its end.
            answer = await row(new(body.GetBuffer(), 0, (int)body.Length)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or System.Text.Json.JsonException)
        {
            answer = null;
        }

        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await context.Response.Body.WriteAsync(answer.ToByteArray(), context.RequestAborted).ConfigureAwait(false);
    }
}
