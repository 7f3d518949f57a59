using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// A way to the Redis master that repairs itself: connects, asks the sentinels again when the master is lost or only a replica, loads the
/// scripts. While there is no connection every command fails at once. Safe for concurrent use.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private const int FirstPauseMillis = 50, LastPauseMillis = 500;
    private readonly CancellationTokenSource _stop = new();
    private readonly RedisOptions _options;
    private readonly IReadOnlyList<string> _scripts;
    private readonly ILogger _log;
    private readonly Task _running;
    private volatile RedisConnection? _current;

    /// <summary>Begins to connect.</summary>
    /// <param name="options">Where to.</param>
    /// <param name="scripts">Scripts to load on each new connection.</param>
    /// <param name="log">The log.</param>
    public RedisLink(RedisOptions options, IReadOnlyList<string> scripts, ILogger log)
    {
        _options = options;
        _scripts = scripts;
        _log = log;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The server's run-id; empty: never connected.</summary>
    public string StoreId { get; private set; } = string.Empty;

    /// <summary>There is a connection.</summary>
    public bool IsConnected => _current?.IsAlive == true;

    /// <summary>Connections that were made since the start.</summary>
    public long Connects { get; private set; }

    /// <summary>Sends a command.</summary>
    /// <exception cref="StoreUnavailableException">No connection, no answer, or an error.</exception>
    public async Task<RespValue> SendAsync(bool durable, RespWord[] words)
    {
        var connection = _current ?? throw new StoreUnavailableException("Redis: not connected");
        return Good(connection, await connection.SendAsync(durable, words).ConfigureAwait(false));
    }

    /// <summary>Sends many commands that only read.</summary>
    /// <exception cref="StoreUnavailableException">No connection, no answer, or an error.</exception>
    public async Task<RespValue[]> SendAllAsync(IReadOnlyList<RespWord[]> commands)
    {
        var connection = _current ?? throw new StoreUnavailableException("Redis: not connected");
        var answers = await connection.SendAllAsync(commands).ConfigureAwait(false);
        Array.ForEach(answers, answer => Good(connection, answer));
        return answers;
    }

    private static RespValue Good(RedisConnection connection, RespValue answer)
    {
        if (!answer.IsError)
        {
            return answer;
        }

        // A master that became a replica, lacks replicas, or lost its scripts: this connection is of no use any more.
        string text = answer.Text;
        if (text.StartsWith("READONLY", StringComparison.Ordinal) || text.StartsWith("NOSCRIPT", StringComparison.Ordinal)
            || text.StartsWith("LOADING", StringComparison.Ordinal) || text.StartsWith("MASTERDOWN", StringComparison.Ordinal))
        {
            connection.Dispose();
        }

        throw new StoreUnavailableException("Redis: " + text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _current?.Dispose();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        int pause = FirstPauseMillis;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await OpenMasterAsync().ConfigureAwait(false);
                _current = connection;
                Connects++;
                pause = FirstPauseMillis;
                await connection.Ended.WaitAsync(_stop.Token).ConfigureAwait(false);
                _current = null;
                _log.LogWarning("the connection to Redis is lost");
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or TimeoutException
                or System.Security.Authentication.AuthenticationException)
            {
                _current = null;
                if (!_stop.IsCancellationRequested)
                {
                    _log.LogWarning("no connection to Redis: {Problem}", e.Message);
                    await Task.WhenAny(Task.Delay(pause, _stop.Token)).ConfigureAwait(false);
                    pause = Math.Min(pause * 2, LastPauseMillis);
                }
            }
        }
    }

    private async Task<RedisConnection> OpenMasterAsync()
    {
        var master = _options.Sentinels.Count == 0 ? _options.Server : await FindMasterAsync().ConfigureAwait(false);
        var connection = await OpenAsync(master).ConfigureAwait(false);
        try
        {
            if (_options.Password.Length > 0)
            {
                await DemandAsync(connection, _options.User.Length > 0 ? ["AUTH", _options.User, _options.Password] : ["AUTH", _options.Password]).ConfigureAwait(false);
            }

            if (_options.Database > 0)
            {
                await DemandAsync(connection, "SELECT", _options.Database).ConfigureAwait(false);
            }

            var role = await DemandAsync(connection, "ROLE").ConfigureAwait(false);
            if (role.Items.Length == 0 || role.Items[0].Text != "master")
            {
                throw new IOException($"{master} is no master");
            }

            foreach (string script in _scripts)
            {
                await DemandAsync(connection, "SCRIPT", "LOAD", script).ConfigureAwait(false);
            }

            string info = (await DemandAsync(connection, "INFO", "server").ConfigureAwait(false)).Text;
            StoreId = info.Split('\n').FirstOrDefault(line => line.StartsWith("run_id:", StringComparison.Ordinal))?[7..].Trim() ?? string.Empty;
            _log.LogInformation("connected to Redis {Server}, run {RunId}", master, StoreId);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<RedisEndpoint> FindMasterAsync()
    {
        foreach (var sentinel in _options.Sentinels)
        {
            try
            {
                using var connection = await OpenAsync(sentinel).ConfigureAwait(false);
                var answer = await DemandAsync(connection, "SENTINEL", "get-master-addr-by-name", _options.MasterName).ConfigureAwait(false);
                if (answer.Items.Length == 2)
                {
                    return new(answer.Items[0].Text, (int)answer.Items[1].Integer);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or TimeoutException or OperationCanceledException)
            {
                _log.LogDebug("sentinel {Sentinel}: {Problem}", sentinel, e.Message);
            }
        }

        throw new IOException($"no sentinel knows a master \"{_options.MasterName}\"");
    }

    private static async Task<RespValue> DemandAsync(RedisConnection connection, params RespWord[] words)
    {
        var answer = await connection.SendAsync(false, words).ConfigureAwait(false);
        return answer.IsError ? throw new IOException(answer.Text) : answer;
    }

    private async Task<RedisConnection> OpenAsync(RedisEndpoint server)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_options.ConnectMillis);
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, limit.Token).ConfigureAwait(false);
            Stream stream = client.GetStream();
            if (_options.Tls)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(TlsOptions(server), limit.Token).ConfigureAwait(false);
                stream = tls;
            }

            return new RedisConnection(stream, _options.WaitReplicas, _options.TimeoutMillis);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions TlsOptions(RedisEndpoint server)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = server.Host };
        if (_options.TlsCaFile.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(_options.TlsCaFile);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }
}
