using RtpCluster.CallModel.Negotiation;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class SdesNegotiationTests
{
    private const SrtpSuite Gcm256 = SrtpSuite.AeadAes256Gcm;
    private const SrtpSuite Gcm128 = SrtpSuite.AeadAes128Gcm;
    private const SrtpSuite Cm80 = SrtpSuite.AesCm128HmacSha1_80;
    private const SrtpSuite Cm32 = SrtpSuite.AesCm128HmacSha1_32;
    private const SrtpSuite F8 = SrtpSuite.F8_128HmacSha1_80;

    [Fact]
    public void APlainOffererGivesTwelveSuitesInOrderWithTagsFromOne()
    {
        var lines = Offer([]);

        Assert.Equal(SrtpSuiteInfo.All.Select(i => i.Suite), lines.Select(l => l.Keys.Suite));
        Assert.Equal(Enumerable.Range(1, 12), lines.Select(l => l.Tag));
        Assert.Equal(12, lines.Select(l => l.Keys.MasterKey[0]).Distinct().Count());
        Assert.All(lines, l => Assert.Empty(l.Keys.Mki));
        Assert.Equal((32, 12), (lines[0].Keys.MasterKey.Length, lines[0].Keys.MasterSalt.Length));
        Assert.Equal((24, 14), (lines[4].Keys.MasterKey.Length, lines[4].Keys.MasterSalt.Length));
    }

    [Fact]
    public void TheOfferersLinesComeFirstWithTagAndKeyAndTheRestCountsOn()
    {
        var a1 = Line(1, Cm80, 0xa1);
        var a5 = Line(5, F8, 0xa5, mki: [1]);

        var lines = Offer([a1, a5]);

        Assert.Equal([a1, a5], lines.Take(2));
        Assert.Equal(12, lines.Count);
        Assert.Equal(Enumerable.Range(6, 10), lines.Skip(2).Select(l => l.Tag));
        Assert.Equal(Gcm256, lines[2].Keys.Suite);
    }

    [Fact]
    public void SuitesOfferedBeforeComeNextTheAcceptedOneWithItsKey()
    {
        var lines = SdesNegotiation.Offer(
            new SdesOfferInput
            {
                Source = [Line(1, Cm80, 0xa1)],
                Previous = [Line(7, F8, 0xb7), Line(8, Gcm128, 0xb8)],
                AcceptedTag = 8,
                Options = new SdesOptions(),
            },
            new CountingEntropy());

        Assert.Equal([(1, Cm80), (7, F8), (8, Gcm128), (9, Gcm256)], lines.Take(4).Select(l => (l.Tag, l.Keys.Suite)));
        Assert.NotEqual(0xb7, lines[1].Keys.MasterKey[0]);
        Assert.Equal(0xb8, lines[2].Keys.MasterKey[0]);
    }

    [Fact]
    public void APreviousTagThatTheOffererUsesIsReplaced()
    {
        var lines = SdesNegotiation.Offer(
            new SdesOfferInput { Source = [Line(1, Cm80, 1)], Previous = [Line(1, F8, 2)], AcceptedTag = 1, Options = new SdesOptions { NoNew = true } },
            new CountingEntropy());

        Assert.Equal([(1, Cm80), (2, F8)], lines.Select(l => (l.Tag, l.Keys.Suite)));
        Assert.Equal(2, lines[1].Keys.MasterKey[0]);
    }

    [Fact]
    public void NonewAddsNone() =>
        Assert.Equal([Cm80], Offer([Line(1, Cm80, 1)], o => o.NoNew = true).Select(l => l.Keys.Suite));

    [Fact]
    public void OffMakesNoLines() => Assert.Empty(Offer([Line(1, Cm80, 1)], o => o.Off = true));

    [Fact]
    public void NoAndOnlyLimitBothTheOfferersAndOurOwnSuites()
    {
        Assert.Equal([Cm80], Offer([], o => o.Only.Add(Cm80)).Select(l => l.Keys.Suite));
        Assert.DoesNotContain(Offer([], o => o.No.Add(F8)), l => l.Keys.Suite == F8);
        Assert.Equal(
            [(2, Cm32)], Offer([Line(1, F8, 1), Line(2, Cm32, 2)], o => o.Only.Add(Cm32)).Select(l => (l.Tag, l.Keys.Suite)));
    }

    [Fact]
    public void TheLastRemainingSuiteOfTheOffererIsNeverPruned()
    {
        var options = new SdesOptions();
        options.No.UnionWith([Cm80, Cm32]);

        Assert.Single(SdesNegotiation.OffererList([Line(1, Cm80, 1), Line(2, Cm32, 2)], options));
    }

    [Fact]
    public void OrderSortsTheOutputAndKeepsTags()
    {
        var lines = Offer([], o => o.Order.AddRange([Cm32, Cm80]));

        Assert.Equal([(8, Cm32), (7, Cm80), (1, Gcm256)], lines.Take(3).Select(l => (l.Tag, l.Keys.Suite)));
        Assert.Equal(12, lines.Count);
    }

    [Fact]
    public void SessionParametersAreCopiedAddedOrNegated()
    {
        var a = Line(1, Cm80, 1);
        a = a with { Keys = a.Keys with { UnencryptedSrtcp = true } };

        Assert.True(Offer([a])[0].Keys.UnencryptedSrtcp);
        Assert.False(Offer([a])[1].Keys.UnencryptedSrtcp);
        Assert.False(Offer([a], o => o.UnencryptedSrtcp = false)[0].Keys.UnencryptedSrtcp);
        Assert.All(Offer([], o => o.UnencryptedSrtp = true), l => Assert.True(l.Keys.UnencryptedSrtp));
        Assert.All(Offer([], o => o.UnauthenticatedSrtp = true), l => Assert.True(l.Keys.UnauthenticatedSrtp));
    }

    [Fact]
    public void LifetimeIsPrintedOnRequestOnly()
    {
        Assert.All(Offer([]), l => Assert.Null(l.Lifetime));
        Assert.All(Offer([], o => o.Lifetime = true), l => Assert.Equal("2^31", l.Lifetime));
    }

    [Fact]
    public void TheAnswerCarriesTheOfferersTagAndTheAnswerersKeySoThatBothWaysPassThrough()
    {
        var a = new[] { Line(1, Cm80, 0xa1), Line(2, F8, 0xa2) };
        var offered = Offer(a);

        var answer = Answer(a, offered, [Line(2, F8, 0xb2, mki: [7])]);

        var printed = Assert.Single(answer.Offerer.Printed);
        Assert.Equal((2, F8, (byte)0xb2), (printed.Tag, printed.Keys.Suite, printed.Keys.MasterKey[0]));
        Assert.Equal([7], printed.Keys.Mki);
        Assert.Equal(0xa2, answer.Offerer.Decrypt!.MasterKey[0]);
        Assert.Equal(0xb2, answer.Offerer.Encrypt!.MasterKey[0]);
        Assert.Equal(0xb2, answer.Answerer.Decrypt!.MasterKey[0]);
        Assert.Equal(0xa2, answer.Answerer.Encrypt!.MasterKey[0]);
        Assert.True(answer.PassesToAnswerer && answer.PassesToOfferer);
        Assert.Equal([2], answer.Answerer.Printed.Select(l => l.Tag));
    }

    [Fact]
    public void ASuiteThatTheOffererDidNotOfferLeadsToItsFirstOneWithAFreshKey()
    {
        var a = new[] { Line(3, Cm80, 0xa3), Line(4, F8, 0xa4) };
        var offered = Offer(a);
        var gcm = offered.Single(l => l.Keys.Suite == Gcm256);

        var answer = Answer(a, offered, [Line(gcm.Tag, Gcm256, 0xb0)]);

        var printed = Assert.Single(answer.Offerer.Printed);
        Assert.Equal((3, Cm80), (printed.Tag, printed.Keys.Suite));
        Assert.Empty(printed.Keys.Mki);
        Assert.Equal(0xa3, answer.Offerer.Decrypt!.MasterKey[0]);
        Assert.Equal(gcm.Keys, answer.Answerer.Encrypt);
        Assert.False(answer.PassesToAnswerer || answer.PassesToOfferer);
    }

    [Fact]
    public void AnAnswerWithAForeignTagLeavesNoOutgoingKey()
    {
        var side = SdesNegotiation.AnswererSide(Offer([]), [Line(3, Cm80, 1)]);

        Assert.Empty(side.Printed);
        Assert.Null(side.Encrypt);
        Assert.True(side.IsBroken);
    }

    [Fact]
    public void AnAnswererWithoutSdesHasNoKeys()
    {
        var answer = Answer([Line(1, Cm80, 0xa1)], Offer([]), []);

        Assert.Same(SdesSide.None, answer.Answerer);
        Assert.False(SdesSide.None.IsBroken);
        Assert.NotNull(answer.Offerer.Encrypt);
    }

    [Fact]
    public void APlainOffererGetsNoLines()
    {
        var offered = Offer([]);

        var answer = Answer([], offered, [Line(7, Cm80, 0xb7)]);

        Assert.Same(SdesSide.None, answer.Offerer);
        Assert.Equal(offered[6].Keys, answer.Answerer.Encrypt);
    }

    [Fact]
    public void OffererPreferenceSortsTheOfferersListAndDisablesMatching()
    {
        var a = new[] { Line(1, Cm80, 0xa1), Line(2, F8, 0xa2), Line(3, Gcm128, 0xa3) };

        var answer = Answer(a, Offer(a), [Line(1, Cm80, 0xb1)], options: o => o.OffererPreference.AddRange([Gcm128, F8]));

        Assert.Equal((3, Gcm128), (answer.Offerer.Printed[0].Tag, answer.Offerer.Printed[0].Keys.Suite));
        Assert.False(answer.PassesToAnswerer);
    }

    [Fact]
    public void ARepeatedAnswerKeepsTheAcceptedSuitesKey()
    {
        var a = new[] { Line(1, Cm80, 0xa1) };
        var first = Answer(a, [], []);

        var second = Answer([Line(1, Cm80, 0xaa)], [], [], first.Offerer.Printed[0]);

        Assert.Equal(first.Offerer.Encrypt, second.Offerer.Encrypt);
        Assert.Equal(0xaa, second.Offerer.Decrypt!.MasterKey[0]);
    }

    [Fact]
    public void StaticKeepsThePreviousSuiteWhileItIsOffered()
    {
        var a = new[] { Line(1, Cm80, 0xa1), Line(2, F8, 0xa2) };
        var previous = Line(2, F8, 0xcc);

        var kept = Answer(a, Offer(a), [Line(1, Cm80, 0xb1)], previous, o => o.Static = true);
        var gone = Answer(a[..1], Offer(a), [Line(1, Cm80, 0xb1)], previous, o => o.Static = true);

        Assert.Equal((2, (byte)0xcc), (kept.Offerer.Printed[0].Tag, kept.Offerer.Encrypt!.MasterKey[0]));
        Assert.Equal((1, (byte)0xb1), (gone.Offerer.Printed[0].Tag, gone.Offerer.Encrypt!.MasterKey[0]));
    }

    [Fact]
    public void RecryptMeansAKeyOfOurOwn()
    {
        var a = new[] { Line(1, Cm80, 0xa1) };
        var answer = SdesNegotiation.Answer(
            new SdesAnswerInput
            {
                Offerer = a,
                Offered = Offer(a),
                Answered = [Line(1, Cm80, 0xb1)],
                NoMatching = true,
                Options = new SdesOptions(),
            },
            new CountingEntropy());

        Assert.False(answer.PassesToOfferer);
    }

    private static IReadOnlyList<SdpCrypto> Offer(IReadOnlyList<SdpCrypto> source, Action<SdesOptions>? change = null)
    {
        var options = new SdesOptions();
        change?.Invoke(options);
        return SdesNegotiation.Offer(new SdesOfferInput { Source = source, Options = options }, new CountingEntropy());
    }

    private static SdesAnswer Answer(
        IReadOnlyList<SdpCrypto> offerer, IReadOnlyList<SdpCrypto> offered, IReadOnlyList<SdpCrypto> answered, SdpCrypto? previous = null,
        Action<SdesOptions>? options = null)
    {
        var words = new SdesOptions();
        options?.Invoke(words);
        return SdesNegotiation.Answer(
            new SdesAnswerInput { Offerer = offerer, Offered = offered, Answered = answered, Previous = previous, Options = words },
            new CountingEntropy());
    }

    private static SdpCrypto Line(int tag, SrtpSuite suite, byte fill, byte[]? mki = null)
    {
        var info = SrtpSuiteInfo.Of(suite);
        byte[] key = new byte[info.KeyLength];
        byte[] salt = new byte[info.SaltLength];
        Array.Fill(key, fill);
        Array.Fill(salt, fill);
        return new SdpCrypto { Tag = tag, Keys = new SrtpKeys { Suite = suite, MasterKey = key, MasterSalt = salt, Mki = mki ?? [] } };
    }
}
