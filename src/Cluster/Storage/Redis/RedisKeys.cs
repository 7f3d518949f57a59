namespace RtpCluster.Cluster.Storage;

/// <summary>The names of the keys, docs/redis.md. What stands in braces decides the slot, so one script touches one slot only.</summary>
internal sealed class RedisKeys(string cluster)
{
    public string Members => $"rtpc:{{{cluster}}}:members";

    public string Owner(string resource) => $"rtpc:{{{cluster}:{resource}}}:owner";

    public string Calls(string resource) => $"rtpc:{{{cluster}:{resource}}}:calls";

    public string Ended(string resource) => $"rtpc:{{{cluster}:{resource}}}:ended";

    public string Call(string resource, string callId) => $"rtpc:{{{cluster}:{resource}}}:call:{callId}";

    public string Plans(string resource) => $"rtpc:{{{cluster}:{resource}}}:plans";

    public string Log(string resource) => $"rtpc:{{{cluster}:{resource}}}:log";

    public string Certificate => $"rtpc:{{{cluster}}}:certificate";

    public string Reply(string resource, string cookie) => $"rtpc:{{{cluster}:{resource}}}:reply:{cookie}";
}
