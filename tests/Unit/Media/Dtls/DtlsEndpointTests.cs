using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.Unit.Media.Dtls;

/// <summary>DTLS-SRTP on memory: RFC 5763, RFC 5764.</summary>
public sealed class DtlsEndpointTests
{
    private static readonly Instant Now = new(1_790_000_000_000_000);
    private readonly DtlsCertificate _a = DtlsCertificates.Create(Now);
    private readonly DtlsCertificate _b = DtlsCertificates.Create(Now);

    [Theory]
    [InlineData("sha-1")]
    [InlineData("sha-224")]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("SHA-512")]
    public void Both_sides_get_the_same_keys(string hash)
    {
        using var pair = new DtlsPair(Plan(_a, _b, DtlsRole.Active, hash), Plan(_b, _a, DtlsRole.Passive, hash));

        Assert.True(pair.Run());
        Assert.Equal(pair.Left.Encrypt, pair.Right.Decrypt);
        Assert.Equal(pair.Left.Decrypt, pair.Right.Encrypt);
        Assert.NotEqual(pair.Left.Encrypt, pair.Left.Decrypt);
        Assert.Equal(SrtpSuite.AeadAes256Gcm, pair.Left.Encrypt!.Suite);
    }

    [Fact]
    public void An_rsa_certificate_works_too()
    {
        var rsa = DtlsCertificates.Create(Now, 2048);
        using var pair = new DtlsPair(Plan(rsa, _b, DtlsRole.Active), Plan(_b, rsa, DtlsRole.Passive));

        Assert.True(pair.Run());
    }

    [Theory]
    [InlineData(576)]
    [InlineData(1200)]
    public void No_datagram_is_longer_than_the_mtu(int mtu)
    {
        var rsa = DtlsCertificates.Create(Now, 4096);
        using var pair = new DtlsPair(Plan(rsa, _b, DtlsRole.Active), Plan(_b, rsa, DtlsRole.Passive), new DtlsSettings { Mtu = mtu });

        Assert.True(pair.Run());
        Assert.InRange(pair.Longest, mtu / 2, mtu);
    }

    [Fact]
    public void Ciphers_are_those_of_the_setting()
    {
        var settings = new DtlsSettings { Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256" };
        var rsa = DtlsCertificates.Create(Now, 2048);
        using var good = new DtlsPair(Plan(_a, _b, DtlsRole.Active), Plan(_b, _a, DtlsRole.Passive), settings);
        using var none = new DtlsPair(Plan(_a, rsa, DtlsRole.Active), Plan(rsa, _a, DtlsRole.Passive), settings);

        Assert.True(good.Run());
        Assert.False(none.Run()); // the cipher wants an EC certificate
        Assert.True(DtlsSettings.IsCipherList(settings.Ciphers));
        Assert.False(DtlsSettings.IsCipherList("nonsense"));
    }

    [Fact]
    public void A_certificate_with_another_fingerprint_is_refused()
    {
        var stranger = DtlsCertificates.Create(Now);
        using var pair = new DtlsPair(Plan(_a, _b, DtlsRole.Active), Plan(_b, stranger, DtlsRole.Passive));

        Assert.False(pair.Run());
        Assert.Equal(DtlsState.Failed, pair.Right.State);
        Assert.Null(pair.Right.Decrypt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lost_flight_is_sent_again(int seed)
    {
        using var pair = new DtlsPair(Plan(_a, _b, DtlsRole.Active), Plan(_b, _a, DtlsRole.Passive)) { Loss = 0.25, Random = new Random(seed) };

        Assert.True(pair.Run());
        Assert.Equal(pair.Left.Encrypt, pair.Right.Decrypt);
    }

    [Fact]
    public void No_datagram_is_longer_than_1200_bytes()
    {
        var rsa = DtlsCertificates.Create(Now, 4096);
        using var pair = new DtlsPair(Plan(rsa, _b, DtlsRole.Active), Plan(_b, rsa, DtlsRole.Passive));

        Assert.True(pair.Run());
        Assert.InRange(pair.Longest, 100, 1200);
    }

    [Fact]
    public void Garbage_between_the_flights_does_no_harm()
    {
        using var pair = new DtlsPair(Plan(_a, _b, DtlsRole.Active), Plan(_b, _a, DtlsRole.Passive)) { Garbage = true };

        Assert.True(pair.Run());
        Assert.Equal(pair.Left.Encrypt, pair.Right.Decrypt);
    }

    private static DtlsPlan Plan(DtlsCertificate own, DtlsCertificate remote, DtlsRole role, string hash = "sha-256") => new()
    {
        Association = 1,
        Role = role,
        Certificate = own,
        FingerprintHash = hash,
        Fingerprint = DtlsCertificates.Fingerprint(remote.Certificate, hash),
    };
}

/// <summary>Two endpoints and what may happen to their datagrams.</summary>
internal sealed class DtlsPair : IDisposable
{
    private const long PatienceMicros = 60_000_000;
    private readonly DtlsContext _leftContext;
    private readonly DtlsContext _rightContext;

    public DtlsPair(DtlsPlan left, DtlsPlan right, DtlsSettings? settings = null)
    {
        _leftContext = new DtlsContext(left.Certificate!, settings);
        _rightContext = new DtlsContext(right.Certificate!, settings);
        Left = new DtlsEndpoint(_leftContext, left);
        Right = new DtlsEndpoint(_rightContext, right);
    }

    public DtlsEndpoint Left { get; }

    public DtlsEndpoint Right { get; }

    public double Loss { get; set; }

    public Random Random { get; set; } = new(1);

    public bool Garbage { get; set; }

    public int Longest { get; private set; }

    /// <summary>Until both have keys, or one has failed, or nothing can happen any more.</summary>
    public bool Run()
    {
        long waited = 0;
        while (waited < PatienceMicros)
        {
            bool moved = Carry(Left, Right) | Carry(Right, Left);
            if (Left.State == DtlsState.Failed || Right.State == DtlsState.Failed)
            {
                return false;
            }

            if (Left.State == DtlsState.Keyed && Right.State == DtlsState.Keyed)
            {
                return true;
            }

            if (!moved)
            {
                long? next = Earlier(Left.RetransmitInMicros, Right.RetransmitInMicros);
                if (next is null)
                {
                    return false;
                }

                waited += next.Value;
                SpinWait.SpinUntil(() => Earlier(Left.RetransmitInMicros, Right.RetransmitInMicros) is null or <= 0, (int)(next.Value / 1000) + 100);
                Left.Tick();
                Right.Tick();
            }
        }

        return false;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
        _leftContext.Dispose();
        _rightContext.Dispose();
    }

    private bool Carry(DtlsEndpoint from, DtlsEndpoint to)
    {
        bool moved = false;
        while (from.TryGetTransmit(out byte[] datagram))
        {
            moved = true;
            Longest = Math.Max(Longest, datagram.Length);
            if (Garbage)
            {
                byte[] junk = new byte[Random.Next(13, 300)];
                Random.NextBytes(junk);
                junk[0] = (byte)Random.Next(20, 64);
                to.Receive(junk);
            }

            if (Random.NextDouble() >= Loss)
            {
                to.Receive(datagram);
            }
        }

        return moved;
    }

    private static long? Earlier(long? a, long? b) => a is null ? b : b is null || a < b ? a : b;
}
