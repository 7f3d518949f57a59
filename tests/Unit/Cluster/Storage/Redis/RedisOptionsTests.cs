using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Storage.Redis;

public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("host", "host:6379", "", "", 0)]
    [InlineData("pw@10.0.0.1:7000/3", "10.0.0.1:7000", "", "pw", 3)]
    [InlineData("user:p@ss@[::1]:7000", "[::1]:7000", "user", "p@ss", 0)]
    public void The_peers_spelling_is_read(string text, string server, string user, string password, int database)
    {
        var options = RedisOptions.Parse(text)!;
        Assert.Equal((server, user, password, database), (options.Server.ToString(), options.User, options.Password, options.Database));
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:99999")]
    [InlineData("host:6379/x")]
    public void Anything_else_is_not(string text) => Assert.Null(RedisOptions.Parse(text));
}
