using static RtpCluster.Server.Options.Table.Row;

namespace RtpCluster.Server.Options.Table;

/// <summary>Options of a cluster's member.</summary>
internal static class ClusterRows
{
    private const string Cluster = "Cluster";

    public static IEnumerable<OptionSpec> All =>
    [
        Text(Cluster, "redis", 'r', string.Empty, "Redis of the cluster, [[user:]password@]host:port/db; makes this node a member. With redis-sentinel-master: the sentinels, host:port,host:port,…"),
        Text(Cluster, "redis-sentinel-master", '\0', string.Empty, "What the sentinels call the master; none: redis is the server itself"),
        Text(Cluster, "redis-username", '\0', string.Empty, "ACL user of Redis"),
        Text(Cluster, "redis-password", '\0', string.Empty, "Password of Redis").Danger("on a command line everybody on the machine reads it: use the environment"),
        Flag(Cluster, "redis-tls", '\0', "Speak TLS to Redis"),
        Text(Cluster, "redis-tls-ca", '\0', string.Empty, "PEM file of the CA of Redis' certificate; none: the system's"),
        Int(Cluster, "redis-wait", '\0', -1, "replicas", "Replicas that must have a state before it is answered; -1: one with sentinels, else none").Between(-1, 10)
            .Danger("with 0 a fail-over of Redis can lose states that only the media nodes still have"),
        Int(Cluster, "redis-cmd-timeout", '\0', 0, "ms", "Longest time for an answer of Redis; 0: 500").Between(0, 60000),
        Int(Cluster, "redis-connect-timeout", '\0', 1000, "ms", "Longest time to connect to Redis").Between(10, 60000),
        Text(Cluster, "cluster", '\0', "rtpcluster", "Name of the cluster: several may share one Redis"),
        Text(Cluster, "node-id", '\0', string.Empty, "Name of this node in the cluster, unique and the same after a restart; default the host name"),
        List(Cluster, "cluster-listen", '\0', "IP:port, or port, for the other nodes").Danger("plain HTTP/2 without cluster-tls-cert: keep it on a private network"),
        Text(Cluster, "cluster-advertise", '\0', string.Empty, "host:port under which the other nodes reach this one; default cluster-listen"),
        Text(Cluster, "cluster-key-file", '\0', string.Empty, "File with the key of the cluster, 32 bytes (openssl rand -hex 32): seals secrets in Redis, and nodes know each other by it"),
        Text(Cluster, "cluster-tls-cert", '\0', string.Empty, "PEM file of this node's certificate: nodes speak mutual TLS. Read again for each connection"),
        Text(Cluster, "cluster-tls-key", '\0', string.Empty, "PEM file of its key"),
        Text(Cluster, "cluster-tls-ca", '\0', string.Empty, "PEM file of the CA of all nodes' certificates").Danger("whoever it signs is let in, whatever the name: use a CA of the cluster's own"),
        List(Cluster, "cluster-address", '\0', "Media address that moves between nodes: [name/]IP[!advertised-IP][@device][,home=node-id]; without a device the network moves it and the node waits for it to appear; repeatable"),
        Int(Cluster, "cluster-address-lease", '\0', 400, "ms", "How long a floating address stays its node's without renewal; another node takes it after that when nobody on the link answers for it").Between(100, 60000),
        Int(Cluster, "cluster-address-hand-back", '\0', 10000, "ms", "A floating address goes back to its home node when that one has been there for so long").Between(100, 3600000),
        Text(Cluster, "node-labels", '\0', string.Empty, "Words that describe this node in ctl cluster"),
        Int(Cluster, "cluster-shards", '\0', 256, "shards", "Shards of the cluster; the same on every node, for ever").Between(1, 4096),
        Int(Cluster, "cluster-probe", '\0', 250, "ms", "Between two probes of another node; three without an answer and it is asked about, then voted dead").Between(20, 10000),
        Int(Cluster, "cluster-heartbeat", '\0', 1000, "ms", "Between two signs of life in Redis").Between(100, 60000),
        Int(Cluster, "cluster-member-lease", '\0', 3000, "ms", "A node silent in Redis for this long is dead by one vote").Between(500, 600000),
        Int(Cluster, "cluster-shard-lease", '\0', 3000, "ms", "How long a shard stays its owner's without renewal").Between(1000, 600000),
    ];
}
