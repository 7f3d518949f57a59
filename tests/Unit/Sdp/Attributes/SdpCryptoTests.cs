using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Attributes;

/// <summary>a=crypto, RFC 4568.</summary>
public class SdpCryptoTests
{
    private const string Suite = "AES_CM_128_HMAC_SHA1_80";
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    public static TheoryData<string> Suites => [.. SrtpSuiteInfo.All.Select(suite => suite.Name)];

    private static SdpCrypto Parse(string text)
    {
        Assert.True(SdpCrypto.TryParse(text, out var crypto, out string error), error);
        return crypto!;
    }

    private static string Print(SdpCrypto crypto, bool pad = false)
    {
        var text = new StringBuilder();
        crypto.AppendTo(text, pad);
        return text.ToString();
    }

    [Fact]
    public void Reads_the_example_of_rfc_4568()
    {
        const string Text = $"1 {Suite} inline:{Key}|2^20|1:4 FEC_ORDER=FEC_SRTP";

        var crypto = Parse(Text);

        Assert.Equal((1, SrtpSuite.AesCm128HmacSha1_80, "2^20"), (crypto.Tag, crypto.Keys.Suite, crypto.Lifetime));
        Assert.Equal(Convert.FromBase64String(Key)[..16], crypto.Keys.MasterKey);
        Assert.Equal(Convert.FromBase64String(Key)[16..], crypto.Keys.MasterSalt);
        Assert.Equal([0, 0, 0, 1], crypto.Keys.Mki);
        Assert.Equal(["FEC_ORDER=FEC_SRTP"], crypto.OtherParameters);
        Assert.Equal(Text, Print(crypto));
    }

    [Fact]
    public void Reads_and_prints_the_session_parameters()
    {
        const string Text = $"2 {Suite} inline:{Key} UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP WSH=64";

        var crypto = Parse(Text);

        Assert.True(crypto.Keys is { UnencryptedSrtp: true, UnencryptedSrtcp: true, UnauthenticatedSrtp: true });
        Assert.Equal(Text, Print(crypto));
    }

    [Fact]
    public void An_mki_without_lifetime_and_an_mki_of_many_digits_are_read()
    {
        Assert.Equal([0x01, 0x00], Parse($"1 {Suite} inline:{Key}|256:2").Keys.Mki);
        byte[] wide = Parse($"1 {Suite} inline:{Key}|340282366920938463463374607431768211455:128").Keys.Mki;
        Assert.Equal((128, 0, 255), (wide.Length, wide[0], wide[127]));
    }

    [Fact]
    public void Of_several_keys_the_first_is_used() =>
        Assert.Equal($"1 {Suite} inline:{Key}|2^20|1:4", Print(Parse($"1 {Suite} inline:{Key}|2^20|1:4;inline:{Key}|2^20|2:4")));

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_suite_is_read_with_and_without_padding(string name)
    {
        var suite = SrtpSuiteInfo.ByName(name)!;
        byte[] secret = [.. Enumerable.Range(1, suite.KeyLength + suite.SaltLength).Select(i => (byte)i)];
        string padded = $"7 {name} inline:{Convert.ToBase64String(secret)}";
        string bare = padded.TrimEnd('=');

        byte[] read = [.. Parse(padded).Keys.MasterKey, .. Parse(bare).Keys.MasterSalt];
        Assert.Equal(secret, read);
        Assert.Equal(bare, Print(Parse(padded)));
        Assert.Equal(padded, Print(Parse(bare), pad: true));
    }

    [Theory]
    [InlineData("", "crypto tag is not a number of 1 to 9 digits")]
    [InlineData($"x {Suite} inline:{Key}", "crypto tag is not a number of 1 to 9 digits")]
    [InlineData($"1 AES_999 inline:{Key}", "unknown crypto suite 'AES_999'")]
    [InlineData($"1 {Suite}", "crypto key method is not 'inline'")]
    [InlineData($"1 {Suite} uri:{Key}", "crypto key method is not 'inline'")]
    [InlineData($"1 {Suite} inline:QUJD", $"crypto key of {Suite} is not base64 of 30 bytes")]
    [InlineData($"1 {Suite} inline:!{Key}", $"crypto key of {Suite} is not base64 of 30 bytes")]
    [InlineData($"1 AES_256_CM_HMAC_SHA1_80 inline:{Key}", "crypto key of AES_256_CM_HMAC_SHA1_80 is not base64 of 46 bytes")]
    [InlineData($"1 {Suite} inline:{Key}|1:0", "crypto MKI is not value:length with a length of 1 to 128 bytes")]
    [InlineData($"1 {Suite} inline:{Key}|256:1", "crypto MKI is not value:length with a length of 1 to 128 bytes")]
    [InlineData($"1 {Suite} inline:{Key} KDR=1", "crypto key derivation rate (KDR) is not supported")]
    public void Says_what_is_wrong(string text, string expected)
    {
        Assert.False(SdpCrypto.TryParse(text, out _, out string error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Keys_never_reach_a_log_line()
    {
        var crypto = Parse($"1 {Suite} inline:{Key}");

        Assert.DoesNotContain("WVN", $"{crypto} {crypto.Keys}", StringComparison.Ordinal);
    }
}
