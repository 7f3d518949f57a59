using System.Security.Cryptography;
using System.Text.Json;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Server.Roles;

/// <summary>The node's DTLS certificate: made once, kept in the state directory, renewed at half of its life. Calls keep the one they began with.</summary>
internal sealed class CertificateFile(string stateDirectory, int rsaBits, string signature)
{
    private const int RenewDays = DtlsCertificates.ValidDays / 2;
    private readonly Lock _lock = new();
    private readonly string _path = Path.Combine(stateDirectory, "dtls-certificate.json");
    private Stored? _current;

    /// <summary>The certificate for new calls. Any thread.</summary>
    public DtlsCertificate Current()
    {
        lock (_lock)
        {
            long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            _current ??= Load();
            if (_current is null || _current.RsaBits != rsaBits || _current.Signature != signature || now >= _current.Made + TimeSpan.FromDays(RenewDays).TotalSeconds)
            {
                var made = Make(now);
                _current = new Stored(now, made.Certificate, made.PrivateKey, rsaBits, signature);
                Save(_current);
            }

            return new DtlsCertificate { Certificate = _current.Certificate, PrivateKey = _current.PrivateKey };
        }
    }

    /// <summary>A fresh certificate as the options want it; nothing keeps it.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public DtlsCertificate Make(long now) => DtlsCertificates.Create(
        new Instant(now * 1_000_000), rsaBits, new HashAlgorithmName(signature.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()));

    private Stored? Load()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(_path)) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null; // a damaged one is replaced: nothing depends on its survival
        }
    }

    private void Save(Stored stored)
    {
        string temporary = _path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, stored);
        }

        File.Move(temporary, _path, overwrite: true);
    }

    private sealed record Stored(long Made, byte[] Certificate, byte[] PrivateKey, int RsaBits, string Signature);
}
