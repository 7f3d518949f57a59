using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.TestKit.Nodes;

namespace RtpCluster.Unit.Cluster.Wire;

/// <summary>Nodes over real sockets with certificates made here.</summary>
public sealed class PeerTlsTests : IDisposable
{
    private static readonly NodeRef s_here = new("n1", 1), s_there = new("n2", 2);
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
        var log = new Lines(_log);
        int port = FreePort();
        using var loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Warning).AddProvider(log));
        await using var there = new PeerServer(new IPEndPoint(IPAddress.Loopback, port), Service(s_there), "secret", server, loggers);
        await there.StartAsync();
        var directory = new MediaDirectory();
        directory.Set(new MembersReply(1, [new Member(s_there, MemberState.Active, new MemberInfo($"127.0.0.1:{port}", "", 0, ""), 0, [])], ""));
        using var here = new HttpPeers(Service(s_here), directory, new ClusterTimers { Probe = 10_000 }, "secret", client, log.CreateLogger(""));
        return await here.ProbeAsync(s_there, NodeRef.None);
    }

    private static PeerService Service(NodeRef node) => new(node, new FencedAgent(new InMemoryMediaNode(), ClusterTime.System));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft", StringComparison.Ordinal) ? NullLogger.Instance : this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
