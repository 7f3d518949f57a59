using RtpCluster.Cluster;
using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;

namespace RtpCluster.Server.Options;

/// <summary>What makes a node a member of a cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>Name of the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Name of this node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Where it listens to the other nodes.</summary>
    public required NetEndpoint Listen { get; init; }

    /// <summary>Where they reach it, host:port.</summary>
    public required string Advertise { get; init; }

    /// <summary>File with the cluster's key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Mutual TLS between nodes; null: none.</summary>
    public PeerTls? Tls { get; init; }

    /// <summary>The operator's labels.</summary>
    public string Labels { get; init; } = string.Empty;

    /// <summary>Where Redis is.</summary>
    public required RedisOptions Redis { get; init; }

    /// <summary>Media addresses that move between nodes.</summary>
    public IReadOnlyList<FloatingAddress> Addresses { get; init; } = [];

    /// <summary>The times of these.</summary>
    public AddressTimers AddressTimers { get; init; } = new();

    /// <summary>The protocol's times.</summary>
    public required ClusterTimers Timers { get; init; }
}

/// <summary>Reads and checks the options of a cluster's member.</summary>
internal static class ClusterBinder
{
    private const int DefaultTimeout = 500;

    private static PeerTls? BindTls(OptionValues values)
    {
        string[] names = ["cluster-tls-cert", "cluster-tls-key", "cluster-tls-ca"];
        string[] files = [.. names.Select(values.Text)];
        if (files.All(f => f.Length == 0))
        {
            return null;
        }

        if (Array.FindIndex(files, f => !File.Exists(f)) is >= 0 and var missing)
        {
            values.Fail(names[missing], "no such file", "Mutual TLS needs PEM files of the node's certificate, its key and the cluster's CA");
            return null;
        }

        var tls = new PeerTls(files[0], files[1], files[2]);
        if (tls.FindFault() is { } fault)
        {
            values.Fail("cluster-tls-cert", fault, "Give a certificate that cluster-tls-ca signed, for server and client authentication, and its key");
        }

        return tls;
    }

    /// <summary>Binds; null: the node is alone, or an error has been noted.</summary>
    public static ClusterOptions? Bind(OptionValues values, IReadOnlyList<NetEndpoint> listen, IReadOnlyList<FloatingAddress> floating)
    {
        string text = values.Text("redis");
        if (text.Length == 0)
        {
            foreach (string key in new[] { "cluster-listen", "cluster-key-file", "redis-sentinel-master" })
            {
                if (values.IsSet(key))
                {
                    values.Fail(key, "there is no cluster without Redis", "Give --redis as well, or remove it");
                }
            }

            return null;
        }

        string master = values.Text("redis-sentinel-master");
        string keyFile = values.Text("cluster-key-file");
        string[] entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var servers = entries.Select(entry => RedisOptions.Parse(entry, master.Length > 0 ? 26379 : 6379)).OfType<RedisOptions>().ToList();
        if (servers.Count != entries.Length || servers.Count == 0 || (servers.Count > 1 && master.Length == 0))
        {
            values.Fail("redis", "not an address of Redis", "Write [[user:]password@]host:port/db, or with redis-sentinel-master the sentinels host:port,host:port");
        }

        string advertise = values.Text("cluster-advertise");
        if (listen.Count == 0 || (listen[0].Address.IsUnspecified && advertise.Length == 0))
        {
            values.Fail("cluster-listen", "the other nodes must know where to reach this one", "Write an IP:port of this host, or give --cluster-advertise as well");
        }

        if (!File.Exists(keyFile))
        {
            values.Fail("cluster-key-file", "secrets never go to Redis in clear", "Make one with: openssl rand -hex 32");
        }

        var tls = BindTls(values);
        if (values.Errors.Count > 0)
        {
            return null;
        }

        long wait = values.Integer("redis-wait");
        long timeout = values.Integer("redis-cmd-timeout");
        return new ClusterOptions
        {
            Name = values.Text("cluster"),
            NodeId = values.Text("node-id") is { Length: > 0 } id ? id : Environment.MachineName,
            Listen = listen[0],
            Advertise = advertise.Length > 0 ? advertise : listen[0].ToString(),
            KeyFile = keyFile,
            Tls = tls,
            Labels = values.Text("node-labels"),
            Addresses = floating,
            AddressTimers = new()
            {
                Lease = (int)values.Integer("cluster-address-lease"),
                Step = (int)values.Integer("cluster-address-lease") / 4,
                HandBack = (int)values.Integer("cluster-address-hand-back"),
            },
            Redis = servers[0] with
            {
                Sentinels = master.Length > 0 ? [.. servers.Select(s => s.Server)] : [],
                MasterName = master,
                User = values.Text("redis-username") is { Length: > 0 } user ? user : servers[0].User,
                Password = values.Text("redis-password") is { Length: > 0 } password ? password : servers[0].Password,
                Tls = values.Flag("redis-tls"),
                TlsCaFile = values.Text("redis-tls-ca"),
                WaitReplicas = wait >= 0 ? (int)wait : master.Length > 0 ? 1 : 0,
                TimeoutMillis = timeout > 0 ? (int)timeout : DefaultTimeout,
                ConnectMillis = (int)values.Integer("redis-connect-timeout"),
            },
            Timers = new ClusterTimers
            {
                Shards = (int)values.Integer("cluster-shards"),
                Probe = (int)values.Integer("cluster-probe"),
                Heartbeat = (int)values.Integer("cluster-heartbeat"),
                MemberLease = (int)values.Integer("cluster-member-lease"),
                ShardLease = (int)values.Integer("cluster-shard-lease"),
                Renew = (int)values.Integer("cluster-shard-lease") / 3,
            },
        };
    }
}
