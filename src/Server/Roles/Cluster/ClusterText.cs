using System.Globalization;
using System.Text;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Server.Roles.Cluster;

/// <summary>The cluster as text, for operators and for Prometheus.</summary>
internal static class ClusterText
{
    /// <summary>Members, shards, owners, epochs as this node sees them.</summary>
    public static string Describe(ClusterRole cluster)
    {
        var node = cluster.Node;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"this node   {node.Self}, {(node.IsReady ? "ready" : "not ready")}, Redis {(cluster.IsStoreConnected ? "connected" : "NOT CONNECTED")}\n");
        text.Append(CultureInfo.InvariantCulture, $"calls       {cluster.Calls.Count} owned, {cluster.MediaCalls} with media here\n\nmembers\n");
        foreach (var member in node.View?.Members ?? [])
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {member.Node,-32} {member.State,-9} {member.Info.Address,-22} media calls {member.Info.Sessions,-6} last sign {member.SilentMillis} ms  {member.Info.Interfaces}  {member.Info.Labels}\n");
        }

        text.Append(cluster.Addresses.Status.Count > 0 ? "\nfloating addresses\n" : string.Empty);
        foreach (var address in cluster.Addresses.Status)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {address.Address.Address,-32} {address.Phase,-9} holder {(address.Owner.IsNone ? "(nobody)" : address.Owner.Node)}, epoch {address.Epoch}, home {(address.Address.Home.Length > 0 ? address.Address.Home : "any")}, {address.Ready} plans ready\n");
        }

        text.Append("\nshards by owner\n");
        var shards = node.Shards();
        foreach (var group in shards.GroupBy(s => s.Owner).OrderBy(g => g.Key.Node, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {(group.Key.IsNone ? "(nobody)" : group.Key.ToString()),-32} {group.Count(),4}: {string.Join(' ', group.Select(s => s.Shard))}\n");
        }

        text.Append("\nshards here, by phase\n");
        foreach (var group in shards.Where(s => s.Token != default).GroupBy(s => s.Phase))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {group.Key,-10} {group.Count(),4}, epochs {group.Min(s => s.Token.Epoch)} to {group.Max(s => s.Token.Epoch)}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<(string, double)> Timers(ClusterTimers t) =>
    [
        ("probe", t.Probe), ("heartbeat", t.Heartbeat), ("member_lease", t.MemberLease), ("vote_fresh", t.VoteFresh), ("shard_lease", t.ShardLease),
        ("renew", t.Renew), ("lease_margin", t.LeaseMargin), ("lease_grace", t.LeaseGrace), ("stable_view", t.StableView), ("retry", t.Retry),
        ("watch", t.Watch), ("command", t.Command),
    ];

    private static void Labelled(StringBuilder text, string name, string type, string help, string label, IEnumerable<(string Label, double Value)> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP rtpcluster_{name} {help}\n# TYPE rtpcluster_{name} {type}\n");
        foreach (var (value, number) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"rtpcluster_{name}{{{label}=\"{value}\"}} {number:0.###}\n");
        }
    }

    /// <summary>A call's whole state.</summary>
    public static string Describe(ClusterRole cluster, string callId, CallEntry? call)
    {
        var node = cluster.Node;
        int shard = node.ShardOf(callId);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"call        {callId}\nshard       {shard}, owner {node.OwnerOf(shard)}\n");
        if (call is null)
        {
            return text.Append("state       not in Redis\n").ToString();
        }

        var media = cluster.Calls.MediaOf(callId);
        text.Append(CultureInfo.InvariantCulture, $"media       {(media.IsNone ? "known to the owner only" : media.ToString())}\n");
        text.Append(CultureInfo.InvariantCulture, $"version     {call.Stamp.Version} under token {call.Stamp.Token}{(call.Tombstone ? ", ended" : string.Empty)}\n");
        return text.Append("state       ").Append(Encoding.UTF8.GetString(call.State.Span)).Append('\n').ToString();
    }

    /// <summary>The cluster's metrics.</summary>
    public static string Metrics(ClusterRole cluster)
    {
        var node = cluster.Node;
        var text = new StringBuilder();
        void Gauge(string name, string help, long value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP rtpcluster_{name} {help}\n# TYPE rtpcluster_{name} gauge\nrtpcluster_{name} {value}\n");
        Gauge("ready", "Serves its shards and reaches Redis", node.IsReady ? 1 : 0);
        Gauge("redis_connected", "Redis answers", cluster.IsStoreConnected ? 1 : 0);
        Gauge("shards_served", "Shards that this node serves", node.ShardsServed);
        Gauge("owned_calls", "Calls of its shards", cluster.Calls.Count);
        Gauge("media_calls", "Calls whose media it carries", cluster.MediaCalls);
        Gauge("members_alive", "Members that are not dead", node.View?.Members.Count(m => m.State != MemberState.Dead) ?? 0);
        Gauge("shard_lease_milliseconds", "How long the shortest lease of its shards still lasts", node.ShortestLease);
        Gauge("commits_waiting", "Commits that wait for Redis and its replicas", cluster.Store.CommitsWaiting);
        Labelled(text, "cluster_timer_milliseconds", "gauge", "The protocol's times as configured", "timer", Timers(node.Timers));
        Labelled(text, "shards", "gauge", "Shards by phase at this node", "phase", node.Shards().GroupBy(s => s.Phase).Select(g => (g.Key.ToString(), (double)g.Count())));
        Labelled(text, "member_silent_milliseconds", "gauge", "Since a member's last sign of life in Redis", "node",
            (node.View?.Members ?? []).Where(m => m.State != MemberState.Dead).Select(m => (m.Node.Node, (double)m.SilentMillis)));
        var (commits, millis) = cluster.Store.CommitTimes;
        Labelled(text, "cluster_work_total", "counter", "Commits, take-overs, connections to Redis, refused requests of former owners; and their time in ms", "what",
        [
            ("commits", commits), ("commit_milliseconds", millis), ("takeover_milliseconds", node.Counters.TakeoverMillis),
            ("redis_connections", cluster.Store.Connects), ("refused_by_agent", cluster.RefusedRequests),
        ]);
        Gauge("floating_addresses_held", "Floating media addresses on this node", cluster.Addresses.Status.Count(a => a.Phase is AddressPhase.Holding or AddressPhase.Handing));
        Gauge("standby_plans", "Calls of other nodes whose plans are ready here", cluster.Addresses.Status.Sum(a => a.Phase is AddressPhase.Standby ? a.Ready : 0));
        Gauge("address_takeover_slowest_milliseconds", "Longest take-over of a floating address", cluster.Addresses.Counters.SlowestMillis);
        text.Append("# HELP rtpcluster_address_events_total What happened to floating addresses\n# TYPE rtpcluster_address_events_total counter\n");
        foreach (var (name, value) in cluster.Addresses.Counters.Read())
        {
            text.Append(CultureInfo.InvariantCulture, $"rtpcluster_address_events_total{{event=\"{name}\"}} {value}\n");
        }

        text.Append("# HELP rtpcluster_cluster_events_total What happened in the cluster's protocol\n# TYPE rtpcluster_cluster_events_total counter\n");
        foreach (var (name, value) in node.Counters.Read())
        {
            text.Append(CultureInfo.InvariantCulture, $"rtpcluster_cluster_events_total{{event=\"{name}\"}} {value}\n");
        }

        return text.ToString();
    }
}
