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
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>Takes what other nodes say: protobuf over HTTP/2, one URL a call. Refuses who does not know the cluster's key.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    internal const string Prefix = "/rtpcluster/v1/", ToHeader = "rtpcluster-to";
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMilliseconds(200);
    private readonly PeerService _service;
    private readonly string _secret;
    private readonly Dictionary<string, Func<byte[], CancellationToken, ValueTask<IMessage?>>> _rows;
    private readonly WebApplication _app;

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
        _rows = new()
        {
            ["probe"] = ProbeAsync,
            ["fence"] = FenceAsync,
            ["command"] = CommandAsync,
            ["media"] = MediaAsync,
            ["fact"] = FactAsync,
            ["ask"] = AskAsync,
            ["leave"] = LeaveAsync,
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_stopLimit);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Listen(listen, o =>
            {
                o.Protocols = HttpProtocols.Http2;
                if (tls is not null)
                {
                    var log = loggers.CreateLogger("RtpCluster.Cluster");
                    o.UseHttps(new HttpsConnectionAdapterOptions
                    {
                        ServerCertificateSelector = (_, _) => tls.Load(),
                        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                        ClientCertificateValidation = (certificate, _, _) => tls.Accepts(certificate, log),
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
        using var late = new CancellationTokenSource(s_stopLimit);
        await _app.StopAsync(late.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        string path = request.Path.Value ?? string.Empty;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !_rows.TryGetValue(path[Prefix.Length..], out var row))
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

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        IMessage? answer;
        try
        {
            // The asker may give up; what it asked for goes on to its end.
            answer = await row(body.ToArray(), CancellationToken.None).ConfigureAwait(false);
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

    private async ValueTask<IMessage?> ProbeAsync(byte[] body, CancellationToken cancel)
    {
        var message = ProbeMessage.Parser.ParseFrom(body);
        if (NodeRef.TryParse(message.From, out var from))
        {
            _service.Heard(from);
        }

        bool alive = message.About.Length == 0 || (NodeRef.TryParse(message.About, out var node) && await _service.Probe(node).ConfigureAwait(false));
        return new ProbeAnswer { Alive = alive };
    }

    private ValueTask<IMessage?> FenceAsync(byte[] body, CancellationToken cancel)
    {
        var message = FenceMessage.Parser.ParseFrom(body);
        return ValueTask.FromResult<IMessage?>(WireConverter.ToWire(_service.Fence(message.Shard, new(message.Epoch, message.Incarnation), !message.StampsOnly)));
    }

    private async ValueTask<IMessage?> CommandAsync(byte[] body, CancellationToken cancel)
    {
        var message = CommandRequest.Parser.ParseFrom(body);
        var result = await _service.Command(new(message.Shard, message.Cookie, message.Client, message.Body.Memory) { Relay = message.Relay }, cancel).ConfigureAwait(false);
        return new CommandAnswer { Served = result.Served, Reply = UnsafeByteOperations.UnsafeWrap(result.Reply) };
    }

    private async ValueTask<IMessage?> MediaAsync(byte[] body, CancellationToken cancel) =>
        WireConverter.FromWire(MediaMessage.Parser.ParseFrom(body)) is { } request
            ? WireConverter.ToWire(await _service.MediaAsync(request, cancel).ConfigureAwait(false))
            : null;

    private async ValueTask<IMessage?> AskAsync(byte[] body, CancellationToken cancel) =>
        new AskAnswer { Text = await _service.Ask(AskMessage.Parser.ParseFrom(body).Line).ConfigureAwait(false) };

    private ValueTask<IMessage?> FactAsync(byte[] body, CancellationToken cancel)
    {
        var message = FactMessage.Parser.ParseFrom(body);
        var fact = WireJson.ReadFact(message.Kind, message.Fact.Span);
        return ValueTask.FromResult<IMessage?>(new FactAnswer { Taken = fact is not null && _service.Fact(fact) });
    }

    private async ValueTask<IMessage?> LeaveAsync(byte[] body, CancellationToken cancel)
    {
        var message = LeaveMessage.Parser.ParseFrom(body);
        return IpAddress.TryParse(message.Address, out var address)
            ? new LeaveAnswer { Left = await _service.LeaveAddress(address, message.Epoch).ConfigureAwait(false) }
            : null;
    }
}
