using RtpCluster.Cluster;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Server.Options;

/// <summary>What makes a node a member of a cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>Name of the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Name of this node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Where the other nodes reach it.</summary>
    public required NetEndpoint Listen { get; init; }

    /// <summary>File with the cluster's key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The operator's labels.</summary>
    public string Labels { get; init; } = string.Empty;

    /// <summary>Where Redis is.</summary>
    public required RedisOptions Redis { get; init; }

    /// <summary>The protocol's times.</summary>
    public required ClusterTimers Timers { get; init; }
}

/// <summary>Reads and checks the options of a cluster's member.</summary>
internal static class ClusterBinder
{
    private const int DefaultTimeout = 500;

    /// <summary>Binds; null: the node is alone, or an error has been noted.</summary>
    public static ClusterOptions? Bind(OptionValues values, IReadOnlyList<NetEndpoint> listen)
    {
        string text = values.Text("redis");
        if (text.Length == 0)
        {
            foreach (string key in new[] { "cluster-listen", "cluster-key-file", "redis-sentinel" })
            {
                if (values.IsSet(key))
                {
                    values.Fail(key, "there is no cluster without Redis", "Give --redis as well, or remove it");
                }
            }

            return null;
        }

        var redis = RedisOptions.Parse(text);
        string keyFile = values.Text("cluster-key-file");
        if (redis is null)
        {
            values.Fail("redis", "not an address of Redis", "Write [[user:]password@]host:port/db");
        }

        if (listen.Count != 1 || listen[0].Address.IsUnspecified)
        {
            values.Fail("cluster-listen", "the other nodes must reach this one at exactly one address", "Write one IP:port of this host, for example 10.0.0.1:2300");
        }

        if (!File.Exists(keyFile))
        {
            values.Fail("cluster-key-file", "secrets never go to Redis in clear", "Make one with: openssl rand -hex 32");
        }

        var sentinels = values.List("redis-sentinel").Select(entry => Sentinel(values, entry)).OfType<RedisEndpoint>().ToList();
        if (redis is null || listen.Count != 1 || values.Errors.Count > 0)
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
            KeyFile = keyFile,
            Labels = values.Text("node-labels"),
            Redis = redis with
            {
                Sentinels = sentinels,
                MasterName = values.Text("redis-master-name"),
                Tls = values.Flag("redis-tls"),
                TlsCaFile = values.Text("redis-tls-ca"),
                WaitReplicas = wait >= 0 ? (int)wait : sentinels.Count > 0 ? 1 : 0,
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

    private static RedisEndpoint? Sentinel(OptionValues values, string entry)
    {
        var sentinel = RedisEndpoint.Parse(entry, 26379);
        if (sentinel is null)
        {
            values.Fail("redis-sentinel", entry, "not an address", "Write host:port");
        }

        return sentinel;
    }
}
