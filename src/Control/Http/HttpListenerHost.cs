using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.Control.Listeners;

namespace RtpCluster.Control.Http;

/// <summary>HTTP and WebSocket on one address, with TLS or without. A host per address, so that a failed bind names its own option.</summary>
internal sealed class HttpListenerHost(
    string option, NetEndpoint endpoint, bool secure, ControlOptions options, HttpRequests requests, ILoggerFactory loggers, ILogger logger)
    : IListener
{
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _app;

    /// <summary>What it is bound to; tells the port when the option said 0.</summary>
    public int Port => new Uri(_app!.Urls.First()).Port;

    /// <inheritdoc/>
    public async Task StartAsync()
    {
        try
        {
            var certificate = secure ? LoadCertificate() : null;
            _app = Build(certificate);
            await _app.StartAsync().ConfigureAwait(false);
            logger.Listening(option, endpoint);
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Cryptography.CryptographicException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            throw ListenException.For(option, endpoint, e);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_app is not null)
        {
            using var late = new CancellationTokenSource(options.StopTimeout);
            await _app.StopAsync(late.Token).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync().ConfigureAwait(false);
        }
    }

    private WebApplication Build(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = Bind).ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.Listen(Sockets.ToSystem(endpoint), listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(context => requests.ServeAsync(context, _stop.Token));
        return app;
    }

    /// <summary>An IPv6 socket of its own leaves 0.0.0.0 to the listener beside it.</summary>
    private static Socket Bind(EndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Sockets.SetFamilyOnly(socket);
        try
        {
            socket.Bind(at);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        return socket;
    }

    private void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestBodySize = options.MaxMessageBytes;
        kestrel.Limits.RequestHeadersTimeout = options.SlowClientTimeout;
        kestrel.Limits.KeepAliveTimeout = options.HttpIdleTimeout;
    }

    private X509Certificate2 LoadCertificate()
    {
        string file = options.HttpsCert ?? throw new InvalidOperationException("https-cert is missing; give a PEM file with the certificate");
        using var pem = X509Certificate2.CreateFromPemFile(file, options.HttpsKey);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
    }
}
