using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace RtpCluster.Cluster.Wire;

/// <summary>
/// Mutual TLS between nodes: each shows a certificate that the cluster's CA signed. Names in it are not compared, so the CA must be the cluster's own.
/// The files are read again for each connection, so that certificates can be renewed while nodes run. Safe for concurrent use.
/// </summary>
/// <param name="CertificateFile">PEM file of this node's certificate.</param>
/// <param name="KeyFile">PEM file of its key.</param>
/// <param name="CaFile">PEM file of the CA.</param>
public sealed record PeerTls(string CertificateFile, string KeyFile, string CaFile)
{
    /// <summary>What is wrong with the files; null: nothing.</summary>
    public string? FindFault()
    {
        try
        {
            using var certificate = Load();
            return FaultOf(certificate);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }

    /// <summary>This node's certificate with its key.</summary>
    /// <exception cref="CryptographicException">The files hold none.</exception>
    public X509Certificate2 Load()
    {
        using var pem = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
    }

    /// <summary>Why a certificate is not one of the cluster's; null: it is.</summary>
    public string? FaultOf(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return "it shows no certificate";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(CaFile);
        return chain.Build(certificate)
            ? null
            : $"certificate \"{certificate.Subject}\": {string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation.TrimEnd('.', ' ')))} (CA file {CaFile})";
    }

    /// <summary>How this node connects to another.</summary>
    internal SslClientAuthenticationOptions Client(ILogger log) => new()
    {
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Load(),
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Accepts(certificate, log),
    };

    /// <summary>Whether the other end is a node of ours; says so in the log when it is not.</summary>
    internal bool Accepts(X509Certificate? certificate, ILogger log)
    {
        string? fault;
        try
        {
            fault = FaultOf(certificate as X509Certificate2);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            fault = e.Message;
        }

        if (fault is not null)
        {
            log.LogWarning("a peer is refused: {Fault}", fault);
        }

        return fault is null;
    }
}
