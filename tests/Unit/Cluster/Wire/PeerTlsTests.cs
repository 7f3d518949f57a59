using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;

namespace RtpCluster.Unit.Cluster.Wire;

/// <summary>Nodes over real sockets with certificates made here.</summary>
public sealed class PeerTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtpcluster-tls-").FullName;
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task Nodes_with_certificates_of_one_CA_hear_each_other()
    {
        using var ca = MakeCa("ours");
        Assert.True(await ProbeAsync(Write("n2", ca, ca), Write("n1", ca, ca)));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_refused_by_the_server_and_the_log_says_why()
    {
        using var ca = MakeCa("ours");
        using var stranger = MakeCa("theirs");
        Assert.False(await ProbeAsync(Write("n2", ca, ca), Write("n1", stranger, trusts: ca)));
        Assert.Contains(_log, line => line.Contains("a peer is refused: certificate \"CN=n1\"", StringComparison.Ordinal) && line.Contains("CA file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_of_another_CA_is_refused_by_the_client()
    {
        using var ca = MakeCa("ours");
        using var stranger = MakeCa("theirs");
        Assert.False(await ProbeAsync(Write("n2", stranger, stranger), Write("n1", ca, ca)));
        Assert.Contains(_log, line => line.Contains("certificate \"CN=n2\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_without_TLS_hears_nothing()
    {
        using var ca = MakeCa("ours");
        Assert.False(await ProbeAsync(Write("n2", ca, ca), null));
    }

    [Fact]
    public void Files_that_do_not_fit_are_found_at_the_start()
    {
        using var ca = MakeCa("ours");
        using var stranger = MakeCa("theirs");
        Assert.Null(Write("n1", ca, ca).FindFault());
        Assert.Contains("CN=n2", Write("n2", stranger, trusts: ca).FindFault(), StringComparison.Ordinal);
        Assert.NotNull((Write("n3", ca, ca) with { KeyFile = Write("n4", ca, ca).KeyFile }).FindFault());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static X509Certificate2 MakeCa(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private PeerTls Write(string name, X509Certificate2 signer, X509Certificate2 trusts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(signer, signer.NotBefore, signer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return new(
            Put(name + ".crt", certificate.ExportCertificatePem()), Put(name + ".key", key.ExportPkcs8PrivateKeyPem()), Put(name + ".ca", trusts.ExportCertificatePem()));
    }

    private string Put(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<bool> ProbeAsync(PeerTls? server, PeerTls? client)
    {
        await using var pair = await PeerPair.StartAsync(server: server, client: client);
        bool hears = await pair.Here.ProbeAsync(PeerPair.There, NodeRef.None);
        Assert.Equal(hears ? "command" : null, await pair.AskAsync("command"));
        foreach (string line in pair.Lines)
        {
            _log.Enqueue(line);
        }

        return hears;
    }
}
