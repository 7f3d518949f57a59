using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.Control.Http;
using RtpCluster.Control.Listeners;
using RtpCluster.Ng;

namespace RtpCluster.Control;

/// <summary>Every control listener of a node. Composed by the server; start once, stop once.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private readonly ControlOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly ICliHandler _cli;
    private readonly Func<string> _metrics;
    private readonly List<IListener> _listeners = [];

    /// <summary>Takes what the listeners serve. <paramref name="metrics"/> returns the Prometheus text; called on any thread.</summary>
    public ControlServer(
        ControlOptions options, INgHandler handler, ICliHandler cli, Func<string> metrics, ILoggerFactory loggers, TimeProvider? time = null)
    {
        _options = options;
        _loggers = loggers;
        _time = time ?? TimeProvider.System;
        _dispatcher = new Dispatcher(options, handler, cli, Statistics, _time, loggers.CreateLogger<Dispatcher>());
        _cli = cli;
        _metrics = metrics;
    }

    /// <summary>What the listeners counted; live.</summary>
    public ControlStatistics Statistics { get; } = new();

    /// <summary>The listeners, in the order of the options; for tests that bind port 0.</summary>
    internal IReadOnlyList<IListener> Listeners => _listeners;

    /// <summary>Binds every address. When one fails, those already bound are closed again.</summary>
    /// <exception cref="ListenException">An address cannot be had; the message names its option and a remedy.</exception>
    public async Task StartAsync()
    {
        try
        {
            foreach (var listener in Create())
            {
                _listeners.Add(listener);
                await listener.StartAsync().ConfigureAwait(false);
            }
        }
        catch (ListenException)
        {
            await StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no more requests, lets the running ones end (at most <see cref="ControlOptions.StopTimeout"/>), and closes everything.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_listeners.Select(listener => listener.StopAsync())).ConfigureAwait(false);
        await _dispatcher.DrainAsync(_options.StopTimeout).ConfigureAwait(false);
        await Task.WhenAll(_listeners.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);

        _listeners.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _dispatcher.Dispose();
    }

    private IReadOnlyList<IListener> Create()
    {
        var log = _loggers.CreateLogger("RtpCluster.Control.Listeners");
        var http = new HttpRequests(_options, _dispatcher, _cli, _metrics, _time);
        return
        [
            .. _options.ListenTcpNg.Select(at => new TcpNgListener(at, _options, _dispatcher, Statistics, _time, log)),
            .. _options.ListenHttp.Select(at => new HttpListenerHost("listen-http", at, false, _options, http, _loggers, log)),
            .. _options.ListenHttps.Select(at => new HttpListenerHost("listen-https", at, true, _options, http, _loggers, log)),
            .. _options.ListenCli.Select(at => new CliListener(at, _options, _cli, Statistics, log)),
            // Last: whoever gets a pong may use every transport.
            .. _options.ListenNg.Select(at => new UdpNgListener(at, _options.ControlTos, _dispatcher, Statistics, _time, log)),
        ];
    }
}
