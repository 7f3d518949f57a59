using System.Runtime.Intrinsics;
using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.Media.Srtp;

/// <summary>The test vectors of RFC 3711 appendix B, RFC 6188 section 7 and RFC 7714 sections 16 and 17, on the fast and the portable way.</summary>
public sealed class SrtpVectorTests
{
    public static TheoryData<int> Backends => [(int)CryptoBackends.Fastest, (int)CryptoBackend.Portable];

    public static TheoryData<string, string> CounterVectors => new()
    {
        {
            "2b7e151628aed2a6abf7158809cf4f3c",
            "e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0"
            + " ec8cdf7398607cb0f2d21675ea9ea1e4 362b7c3c6773516318a077d7fc5073ae 6a2cc3787889374fbeb4c81b17ba6c44"
        },
        {
            "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7",
            "35096cba4610028dc1b57503804ce37c 5de986291dcce161d5165ec4568f5c9a 474a40c77894bc17180202272a4c264d"
            + " d108d1a31a00bad6367ec23eb044b415 c8f57129fdeb970b59f917b257662d4c a5dab625811034e8cebdfeb6dc158dd3"
        },
        {
            "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
            "92bdd28a93c3f52511c677d08b5515a4 9da71b2378a854f67050756ded165bac 63c4868b7096d88421b563b8c94c9a31"
            + " cea518c90fd91ced9cbb18c078a54711 3dbc4814f4da5f00a08772b63c6a046d 6eb246913062a16891433e97dd01a57f"
        },
    };

    [Theory]
    [MemberData(nameof(CounterVectors))]
    public void Counter_mode_keystream_is_that_of_the_rfc(string key, string blocks)
    {
        foreach (int backend in new[] { (int)CryptoBackends.Fastest, (int)CryptoBackend.Portable })
        {
            using var cipher = new AesCipher(Convert.FromHexString(key), (CryptoBackend)backend);
            var stream = new byte[0xff02 * 16];
            cipher.XorCounterStream(Vector128.Create<byte>(Hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000")), stream);

            var expected = blocks.Split(' ');
            int[] numbers = [0, 1, 2, 0xfeff, 0xff00, 0xff01];
            for (var i = 0; i < numbers.Length; i++)
            {
                Assert.Equal(expected[i], Convert.ToHexStringLower(stream.AsSpan(16 * numbers[i], 16)));
            }
        }
    }

    [Theory]
    [InlineData(
        "e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6",
        "c61e7a93744f39ee10734afe3ff7a087", "30cbbc08863d8c85d49db34a9ae1", "cebe321f6ff7716b6fd4ab49af256a156d38baa4")]
    [InlineData(
        "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1", "c8522f3acd4ce86d5add78edbb11",
        "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb", "2372b82d639b6d8503a47adc0a6c", "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb")]
    [InlineData(
        "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6", "3b04803de51ee7c96423ab5b78d2",
        "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4", "fa31791685ca444a9e07c6c64e93",
        "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    public void Session_keys_are_those_of_the_rfc(string masterKey, string masterSalt, string key, string salt, string authentication)
    {
        foreach (var backend in new[] { CryptoBackends.Fastest, CryptoBackend.Portable })
        {
            using var derivation = new KeyDerivation(Hex(masterKey), Hex(masterSalt), backend);

            Assert.Equal(key, Derived(derivation, KeyLabel.RtpEncryption, key.Length / 2));
            Assert.Equal(salt, Derived(derivation, KeyLabel.RtpSalt, salt.Length / 2));
            Assert.Equal(authentication, Derived(derivation, KeyLabel.RtpAuthentication, authentication.Length / 2));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void F8_keystream_is_that_of_the_rfc(int backend)
    {
        using var f8 = new AesF8(Hex("234829008467be186c3de14aae72d62c"), Hex("32f2870d"), (CryptoBackend)backend);
        var data = "pseudorandomness is the next best thing"u8.ToArray();

        f8.XorStream(Vector128.Create<byte>(Hex("006e5cba50681de55c621599d462564a")), data);

        Assert.Equal("019ce7a26e7854014a6366aa95d4eefd1ad4172a14f9faf455b7f1d4b62bd08f562c0eef7c4802", Convert.ToHexStringLower(data));
    }

    [Theory]
    [InlineData(
        SrtpSuite.AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f",
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(
        SrtpSuite.AeadAes256Gcm, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Gcm_srtp_packet_is_that_of_the_rfc(SrtpSuite suite, string key, string sealedPayload)
    {
        const string Header = "8040f17b8041f8d35501a0b2";
        using var transform = new SrtpRtpTransform(Keys(suite), SrtpSuiteInfo.Of(suite), GcmCrypto(key));
        byte[] packet = [.. Hex(Header), .. "Gallia est omnis divisa in partes tres"u8, .. new byte[16]];
        var plain = packet[..^16];
        var state = default(SrtpSsrcState);

        Assert.Equal(packet.Length, transform.Protect(ref state, packet, plain.Length));
        Assert.Equal(Header + sealedPayload, Convert.ToHexStringLower(packet));

        var receiver = default(SrtpSsrcState);
        Assert.Equal(SrtpResult.Ok, transform.Unprotect(ref receiver, packet, out var length));
        Assert.Equal(plain, packet[..length]);
    }

    [Theory]
    [InlineData(
        SrtpSuite.AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f", true,
        "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(
        SrtpSuite.AeadAes256Gcm, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", true,
        "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    [InlineData(
        SrtpSuite.AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f", false,
        Body + "841dd9683dd78ec92ae58790125f62b3000005d4")]
    [InlineData(
        SrtpSuite.AeadAes256Gcm, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", false,
        Body + "91db4afbfeee5a978fab4393ed2615fe000005d4")]
    public void Gcm_srtcp_packet_is_that_of_the_rfc(SrtpSuite suite, string key, bool encrypted, string sealedBody)
    {
        const string Header = "81c8000d4d617273";
        var keys = Keys(suite) with { UnencryptedSrtcp = !encrypted };
        using var transform = new SrtpRtcpTransform(keys, SrtpSuiteInfo.Of(suite), GcmCrypto(key));
        byte[] packet = [.. Hex(Header), .. Hex(Body), .. new byte[20]];
        var plain = packet[..^20];
        var state = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(0x4d617273, true, 0, 0x5d3));

        Assert.Equal(packet.Length, transform.Protect(ref state, packet, plain.Length));
        Assert.Equal(Header + sealedBody, Convert.ToHexStringLower(packet));

        var receiver = default(SrtpSsrcState);
        Assert.Equal(SrtpResult.Ok, transform.Unprotect(ref receiver, packet, out var length));
        Assert.Equal(plain, packet[..length]);
    }

    private const string Body = "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    private static SrtpKeys Keys(SrtpSuite suite) => new() { Suite = suite, MasterKey = [], MasterSalt = [] };

    private static SessionCrypto GcmCrypto(string key) =>
        new(SrtpCipher.AesGcm, Hex(key), "Quid pro quo"u8, [], CryptoBackends.Fastest);

    private static string Derived(KeyDerivation derivation, KeyLabel label, int length)
    {
        var key = new byte[length];
        derivation.Derive(label, key);
        return Convert.ToHexStringLower(key);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
