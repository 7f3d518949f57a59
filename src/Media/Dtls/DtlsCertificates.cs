using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RtpCluster.Contracts;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Dtls;

/// <summary>Makes self-signed certificates and their fingerprints.</summary>
public static class DtlsCertificates
{
    /// <summary>How long a certificate is valid; it is renewed at half of that.</summary>
    public const int ValidDays = 30;

    /// <summary>Makes an EC (prime256v1) certificate, or an RSA one. OpenSSL brings its own randomness.</summary>
    /// <param name="now">Now; the certificate is valid from a day before.</param>
    /// <param name="rsaBits">RSA key size, 2048 to 4096; 0: EC.</param>
    /// <param name="signature">Hash of the signature; default SHA-256.</param>
    public static DtlsCertificate Create(Instant now, int rsaBits = 0, HashAlgorithmName signature = default)
    {
        var hash = signature.Name is null ? HashAlgorithmName.SHA256 : signature;
        var from = DateTimeOffset.FromUnixTimeSeconds(now.Seconds).AddDays(-1);
        var to = from.AddDays(ValidDays + 1);
        const string name = "CN=rtpcluster";
        if (rsaBits > 0)
        {
            using var rsa = RSA.Create(rsaBits);
            var request = new CertificateRequest(name, rsa, hash, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(from, to);
            return new DtlsCertificate { Certificate = made.RawData, PrivateKey = rsa.ExportPkcs8PrivateKey() };
        }

        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = new CertificateRequest(name, ec, hash).CreateSelfSigned(from, to);
        return new DtlsCertificate { Certificate = signed.RawData, PrivateKey = ec.ExportPkcs8PrivateKey() };
    }

    /// <summary>The digest of a certificate.</summary>
    /// <param name="certificate">DER.</param>
    /// <param name="hash">As in SDP: sha-1, sha-224, sha-256, sha-384, sha-512; without case.</param>
    /// <returns>The digest; empty: no such hash.</returns>
    public static byte[] Fingerprint(byte[] certificate, string hash) => hash.ToLowerInvariant() switch
    {
        "sha-1" => SHA1.HashData(certificate),
        "sha-256" => SHA256.HashData(certificate),
        "sha-384" => SHA384.HashData(certificate),
        "sha-512" => SHA512.HashData(certificate),
        "sha-224" => DigestByName(certificate, "SHA224"),
        _ => [],
    };

    /// <summary>.NET has no SHA-224.</summary>
    private static unsafe byte[] DigestByName(byte[] bytes, string name)
    {
        byte[] target = new byte[64];
        uint length = 0;
        fixed (byte* source = bytes, digest = target)
        {
            return LibSsl.Digest(source, (nuint)bytes.Length, digest, &length, LibSsl.DigestByName(name), 0) == 1 ? target[..(int)length] : [];
        }
    }
}
