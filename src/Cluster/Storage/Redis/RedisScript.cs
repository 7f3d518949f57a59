using System.Security.Cryptography;
using System.Text;

namespace RtpCluster.Cluster.Storage;

/// <summary>A Lua script of the folder Lua, named by the SHA-1 that Redis knows it by.</summary>
internal sealed class RedisScript
{
    private RedisScript(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"Lua.{name}.lua")
            ?? throw new InvalidOperationException($"script {name} is missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Text = reader.ReadToEnd();
        Name = name;
        Sha = Convert.ToHexStringLower(SHA1.HashData(Encoding.Latin1.GetBytes(Text)));
    }

    public static RedisScript Acquire { get; } = new("acquire");

    public static RedisScript Renew { get; } = new("renew");

    public static RedisScript Release { get; } = new("release");

    public static RedisScript ReadLease { get; } = new("read_lease");

    public static RedisScript Commit { get; } = new("commit");

    public static RedisScript Restamp { get; } = new("restamp");

    public static RedisScript Heartbeat { get; } = new("heartbeat");

    public static RedisScript Declare { get; } = new("declare");

    public static RedisScript Members { get; } = new("members");

    public static RedisScript AppendPlans { get; } = new("append_plans");

    public static RedisScript ReadPlans { get; } = new("read_plans");

    public static RedisScript Certificate { get; } = new("certificate");

    public static IReadOnlyList<RedisScript> All { get; } =
        [Acquire, Renew, Release, ReadLease, Commit, Restamp, Heartbeat, Declare, Members, AppendPlans, ReadPlans, Certificate];

    public string Name { get; }

    public string Text { get; }

    public string Sha { get; }
}
