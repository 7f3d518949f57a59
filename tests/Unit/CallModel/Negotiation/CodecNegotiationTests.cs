using RtpCluster.CallModel.Negotiation;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class CodecNegotiationTests
{
    private const string Source = "96:opus/48000/2 8:PCMA/8000 0:PCMU/8000 101:telephone-event/8000 102:telephone-event/48000";

    [Theory]
    [InlineData("", "96 8 0 101 102")]
    [InlineData("strip=PCMA", "96 0 101 102")]
    [InlineData("strip=pcma", "96 8 0 101 102")]
    [InlineData("strip=8", "96 0 101 102")]
    [InlineData("strip=opus", "8 0 101 102")]
    [InlineData("strip=opus/48000", "8 0 101 102")]
    [InlineData("strip=opus/48000/1", "96 8 0 101 102")]
    [InlineData("strip=telephone-event/48000", "96 8 0 101")]
    [InlineData("mask=PCMU", "96 8 101 102")]
    [InlineData("strip=all", "96 8 0 101 102")]
    [InlineData("strip=all except=PCMU", "0 101")]
    [InlineData("strip=all except=pcmu", "0 101")]
    [InlineData("strip=all except=PCMU strip=telephone-event", "0")]
    [InlineData("mask=all offer=PCMU offer=opus", "0 96 101 102")]
    [InlineData("strip=full except=opus", "96 102")]
    [InlineData("except=PCMU", "96 8 0 101 102")]
    [InlineData("offer=PCMU offer=PCMA", "0 8 96 101 102")]
    [InlineData("offer=G722", "96 8 0 101 102")]
    [InlineData("strip=all transcode=PCMA", "8 101")]
    [InlineData("transcode=PCMA", "96 8 0 101 102")]
    [InlineData("accept=PCMA", "96 8 0 101 102")]
    [InlineData("set=opus/48000/2/64000", "96 8 0 101 102")]
    [InlineData("ignore=PCMA", "96 8 0 101 102")]
    [InlineData("consume=G722", "96 8 0 101 102")]
    public void OfferListsWhatTheFlagsLeave(string flags, string expected)
    {
        Assert.Equal(expected, Numbers(CodecNegotiation.Offer(Codecs(Source), Options(flags)).Printed));
    }

    [Theory]
    [InlineData("transcode=G722")]
    [InlineData("strip=PCMA transcode=PCMA")]
    [InlineData("strip=full transcode=PCMA")]
    [InlineData("consume=PCMA")]
    [InlineData("consume=all")]
    public void WhatNeedsTranscodingIsRefused(string flags)
    {
        Assert.Equal("not supported yet: transcode", CodecNegotiation.Offer(Codecs(Source), Options(flags)).Refusal);
    }

    [Fact]
    public void StrippingEverythingRejectsTheMediaOnlyWithAllowNoCodecMedia()
    {
        Assert.True(CodecNegotiation.Offer(Codecs(Source), Options("strip=all"), NgFlags.AllowNoCodecMedia).Rejected);
        Assert.False(CodecNegotiation.Offer(Codecs(Source), Options("strip=all")).Rejected);
    }

    [Fact]
    public void StrippedCodecsStillCountAsOfferedAndIgnoredOnesDoNot()
    {
        Assert.Equal("96 8 0 101 102", Numbers(CodecNegotiation.Offer(Codecs(Source), Options("strip=PCMA")).Offered));
        Assert.Equal("96 0 101 102", Numbers(CodecNegotiation.Offer(Codecs(Source), Options("ignore=PCMA")).Offered));
    }

    [Theory]
    [InlineData("0:PCMU/8000 8:PCMA/8000", "8 0")]
    [InlineData("101:telephone-event/8000 0:PCMU/8000", "0 101")]
    [InlineData("9:G722/8000 0:PCMU/8000", "0")]
    [InlineData("9:G722/8000", "96")]
    [InlineData("101:telephone-event/8000", "96")]
    public void AnswerIsTheOfferersOrderFilteredByTheAnswerer(string answered, string expected)
    {
        Assert.Equal(expected, Numbers(Answer(answered).Printed));
    }

    [Fact]
    public void SingleCodecKeepsTheFirstMainCodecAndTheFirstTelephoneEvent()
    {
        Assert.Equal("96 101", Numbers(Answer(Source, NgFlags.SingleCodec).Printed));
        Assert.Equal("8 101", Numbers(Answer("101:telephone-event/8000 8:PCMA/8000 0:PCMU/8000", NgFlags.SingleCodec).Printed));
    }

    [Fact]
    public void NoCommonCodecRejectsTheMediaOnlyWithAllowNoCodecMedia()
    {
        Assert.True(Answer("9:G722/8000", NgFlags.AllowNoCodecMedia).Rejected);
        Assert.False(Answer("9:G722/8000").Rejected);
    }

    [Theory]
    [InlineData(NgFlags.ReuseCodecs, "0")]
    [InlineData(NgFlags.StaticCodecs, "0")]
    [InlineData(NgFlags.None, "8")]
    public void ReuseAndStaticCodecsKeepThePreviousAnswer(NgFlags flags, string expected)
    {
        Assert.Equal(expected, Numbers(Answer("8:PCMA/8000", flags, Codecs("0:PCMU/8000")).Printed));
        Assert.Equal("8", Numbers(Answer("8:PCMA/8000", flags, Codecs("9:G722/8000")).Printed));
    }

    [Fact]
    public void AnotherPayloadTypeIsRenamedBothWaysAndTheOffererSeesItsOwn()
    {
        var answer = Answer("111:OPUS/48000/2;minptime=10 8:PCMA/8000");

        Assert.Equal("96 8", Numbers(answer.Printed));
        Assert.Equal(["minptime=10"], answer.Printed[0].FormatParameters);
        Assert.Equal([new PayloadTypeMap(96, 111)], answer.ToAnswerer);
        Assert.Equal([new PayloadTypeMap(111, 96)], answer.ToOfferer);
    }

    [Fact]
    public void ANumberWithAnotherMeaningIsNotRenamedBack()
    {
        var answer = Answer("101:opus/48000/2");

        Assert.Equal([new PayloadTypeMap(96, 101)], answer.ToAnswerer);
        Assert.Empty(answer.ToOfferer);
    }

    [Fact]
    public void SameEncodingWithOtherParametersIsTheOneWithTheSameNumberFirstThenTheSameParameters()
    {
        var list = Codecs("97:H264/90000;profile=a 98:H264/90000;profile=b");

        Assert.Equal(98, CodecNegotiation.Find(list, Codecs("98:H264/90000;profile=c")[0])!.PayloadType);
        Assert.Equal(98, CodecNegotiation.Find(list, Codecs("120:H264/90000;profile=b")[0])!.PayloadType);
        Assert.Equal(97, CodecNegotiation.Find(list, Codecs("120:H264/90000;profile=z")[0])!.PayloadType);
        Assert.Null(CodecNegotiation.Find(list, Codecs("97:H265/90000")[0]));
    }

    [Theory]
    [InlineData("8:PCMA/8000", true)]
    [InlineData("9:G722/8000 101:telephone-event/8000", false)]
    [InlineData("", false)]
    public void ACommonCodecIsAMainCodec(string answered, bool expected)
    {
        Assert.Equal(expected, CodecNegotiation.HaveCommonCodec(Codecs(Source), Codecs(answered)));
    }

    [Theory]
    [InlineData("", "96 102")]
    [InlineData("PCMA", "8 101")]
    [InlineData("speex PCMU PCMA", "0 101")]
    [InlineData("any", "96 102")]
    [InlineData("speex", "96 102")]
    [InlineData("pcma/8000", "8 101")]
    public void PublishTakesTheFirstAcceptedCodecWithItsSupplementalOnes(string accept, string expected)
    {
        Assert.Equal(expected, Numbers(PublishCodecSelection.Choose(Codecs(Source), accept.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void PublishTakesAnUnknownCodecOnlyWhenToldTo()
    {
        Assert.Empty(PublishCodecSelection.Choose(Codecs("96:VP8/90000"), []));
        Assert.Equal("96", Numbers(PublishCodecSelection.Choose(Codecs("96:VP8/90000"), ["opus", "VP8"])));
        Assert.Equal("96", Numbers(PublishCodecSelection.Choose(Codecs("96:VP8/90000"), ["any"])));
    }

    private static CodecAnswer Answer(string answered, NgFlags flags = NgFlags.None, IReadOnlyList<SdpCodec>? previous = null) =>
        CodecNegotiation.Answer(new CodecAnswerInput
        {
            Offered = Codecs(Source),
            Printed = Codecs(Source),
            Answered = Codecs(answered),
            Previous = previous ?? [],
            Flags = flags,
        });

    private static CodecOptions Options(string flags)
    {
        var options = new CodecOptions();
        foreach (string flag in flags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = flag.Split('=');
            var list = parts[0] switch
            {
                "strip" => options.Strip,
                "mask" => options.Mask,
                "except" => options.Except,
                "offer" => options.Offer,
                "ignore" => options.Ignore,
                "transcode" => options.Transcode,
                "accept" => options.Accept,
                "consume" => options.Consume,
                _ => options.Set,
            };
            list.Add(parts[1]);
        }

        return options;
    }

    private static List<SdpCodec> Codecs(string text)
    {
        var codecs = new List<SdpCodec>();
        foreach (string entry in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = entry.Split(':', '/', ';');
            bool channels = parts.Length > 3 && parts[3].Length == 1;
            codecs.Add(new SdpCodec
            {
                PayloadType = byte.Parse(parts[0]),
                Name = parts[1],
                ClockRate = int.Parse(parts[2]),
                Channels = channels ? int.Parse(parts[3]) : 1,
                FormatParameters = entry.Contains(';') ? [entry[(entry.IndexOf(';') + 1)..]] : [],
            });
        }

        return codecs;
    }

    private static string Numbers(IReadOnlyList<SdpCodec> codecs) => string.Join(' ', codecs.Select(c => c.PayloadType));
}
