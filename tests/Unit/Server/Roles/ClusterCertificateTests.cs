using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster.Storage;
using RtpCluster.Server.Roles;
using RtpCluster.Server.Roles.Cluster;
using Xunit;

namespace RtpCluster.Unit.Server.Roles;

public sealed class ClusterCertificateTests : IClusterStore
{
    [Fact]
    public async Task One_that_was_sealed_with_another_key_is_asked_for_again()
    {
        using var stop = new CancellationTokenSource();
        var certificate = new ClusterCertificate(this, new CertificateFile("none", 2048, "sha-256"), NullLogger.Instance);

        var run = certificate.RunAsync(stop.Token);

        Assert.False(run.IsCompleted);
        await stop.CancelAsync();
        await run;
    }

    public ValueTask<StoreReply> ExecuteAsync(StoreRequest request, CancellationToken cancel) => throw new FormatException("sealed with another key");
}
