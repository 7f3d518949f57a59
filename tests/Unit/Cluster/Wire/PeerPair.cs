using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.TestKit.Nodes;

namespace RtpCluster.Unit.Cluster.Wire;

/// <summary>A node that asks and one that answers, over loopback.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private readonly MediaDirectory _directory = new();
    private readonly ILoggerFactory _loggers;
    private readonly PeerTls? _tls;
    private PeerServer? _server;
    private Func<CommandMessage, Task<CommandResult>> _command = static command => Task.FromResult(Echo(command));

    private PeerPair(int commandMillis, string secret, PeerTls? server, PeerTls? client)
    {
        var lines = new Logger(Lines);
        _loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Warning).AddProvider(lines));
        _tls = server;
        Port = FreePort();
        Here = new HttpPeers(
            ServiceOf(new("n1", 1)), _directory, new ClusterTimers { Probe = 10_000, Command = commandMillis }, secret, client, lines.CreateLogger(string.Empty));
        Know(There);
    }

    /// <summary>Who answers.</summary>
    public static NodeRef There { get; } = new("n2", 2);

    /// <summary>Who asks.</summary>
    public HttpPeers Here { get; }

    /// <summary>What answers.</summary>
    public PeerService Service { get; private set; } = ServiceOf(There);

    /// <summary>Where the server listens.</summary>
    public int Port { get; }

    /// <summary>Warnings and errors of both.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Starts both.</summary>
    /// <param name="command">What runs commands; null: they are answered with their cookie.</param>
    /// <param name="commandMillis">How long a command may take.</param>
    /// <param name="secret">What the asker takes for the cluster's secret.</param>
    /// <param name="server">Certificates of the server; null: no TLS.</param>
    /// <param name="client">Certificates of the asker; null: no TLS.</param>
    public static async Task<PeerPair> StartAsync(
        Func<CommandMessage, Task<CommandResult>>? command = null, int commandMillis = 20_000, string secret = "secret", PeerTls? server = null, PeerTls? client = null)
    {
        var pair = new PeerPair(commandMillis, secret, server, client);
        pair._command = command ?? pair._command;
        await pair.StartServerAsync(There);
        return pair;
    }

    /// <summary>Serves, as a life of the node.</summary>
    public Task StartServerAsync(NodeRef node)
    {
        Service = ServiceOf(node);
        Service.Command = async (command, _) => await _command(command);
        _server = new PeerServer(new IPEndPoint(IPAddress.Loopback, Port), Service, "secret", _tls, _loggers);
        return _server.StartAsync();
    }

    /// <summary>Stops serving.</summary>
    public async Task StopServerAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    /// <summary>The asker knows lives of the node.</summary>
    public void Know(NodeRef node) => _directory.Set(new MembersReply(
        1, [.. new[] { There, node }.Distinct().Select(n => new Member(n, MemberState.Active, new MemberInfo($"127.0.0.1:{Port}", "", 0, ""), 0, []))], ""));

    /// <summary>Sends a command; the answer's text, null: none.</summary>
    public Task<string?> AskAsync(string cookie) => AskAsync(cookie, There);

    /// <summary>Sends a command to a life of the node; the answer's text, null: none.</summary>
    public async Task<string?> AskAsync(string cookie, NodeRef to) =>
        await Here.CommandAsync(to, new(1, cookie, "client", Encoding.UTF8.GetBytes(cookie))) is { } result ? Encoding.UTF8.GetString(result.Reply.Span) : null;

    /// <summary>The answer that is the cookie.</summary>
    public static CommandResult Echo(CommandMessage command) => new(true, Encoding.UTF8.GetBytes(command.Cookie));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Here.Dispose();
        await StopServerAsync();
        _loggers.Dispose();
    }

    private static PeerService ServiceOf(NodeRef node) => new(node, new FencedAgent(new InMemoryMediaNode(), ClusterTime.System));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Logger(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft", StringComparison.Ordinal) ? NullLogger.Instance : this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
