using RtpCluster.Contracts;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>A node fails; another goes on from the plan and the facts that had been told.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const uint Ssrc = 0x11223344;

    private static readonly SrtpKeys FromA = SrtpEndpoint.Keys(1);
    private static readonly SrtpKeys ToA = SrtpEndpoint.Keys(2);

    private readonly SrtpEndpoint _a = new(FromA, ToA);
    private readonly Dictionary<(uint, bool), SrtpCheckpoint> _told = [];

    private EngineFixture _f = new();

    public CheckpointTests() => Apply();

    public void Dispose() => _a.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 40_000)]
    [InlineData(60_000, 10_000)]
    [InlineData(65_535, 70_000)]
    [InlineData(32_768, 150_000)]
    [InlineData(1, 300_000)]
    public void MediaGoesOnBothWaysAfterATakeOver(int start, int packets)
    {
        for (int i = 0; i < packets; i += 499)
        {
            Across((start + i) & 0xffff);
        }

        FailOver();
        for (int i = 1; i < 10; i++)
        {
            Across((start + packets + i) & 0xffff);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600)]
    [InlineData(5000)]
    public void NoSrtcpIndexIsUsedTwice(int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            SendRtcp();
        }

        uint before = _a.ReceivedRtcpIndex(Ssrc);
        FailOver();
        SendRtcp();
        Assert.True(_a.ReceivedRtcpIndex(Ssrc) > before);
    }

    [Fact]
    public void FactsAreFew()
    {
        for (int i = 0; i < 50_000; i++)
        {
            _f.Receive(LocalB, RemoteB, Rtp(i & 0xffff));
        }

        Assert.InRange(_f.Facts().OfType<SrtpCheckpointed>().Count(), 3, 4);
    }

    [Fact]
    public void AnOrderlyHandOverNeedsNoFacts()
    {
        Across(65_535, 0);
        _told.Clear();
        _f.Facts();
        foreach (var fact in _f.Engine.Checkpoints(Call))
        {
            _told[(fact.State.Ssrc, fact.State.Outbound)] = fact.State;
        }

        FailOver();
        Across(1, 2);
    }

    private void Apply() => _f.Apply(
        Stream(1, LocalA, RemoteA, 2) with { Decrypt = FromA, Encrypt = ToA, Checkpoints = [.. _told.Values] }, Stream(2, LocalB, RemoteB, 1));

    private void FailOver()
    {
        foreach (var fact in _f.Facts().OfType<SrtpCheckpointed>())
        {
            _told[(fact.State.Ssrc, fact.State.Outbound)] = fact.State;
        }

        _f = new EngineFixture();
        Apply();
    }

    private void SendRtcp() => _a.Unprotect(Assert.Single(_f.Receive(LocalB, RemoteB, Rtcp())).Bytes);

    private void Across(params int[] sequences)
    {
        foreach (int sequence in sequences)
        {
            Assert.Equal(Rtp(sequence), Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(sequence)))).Bytes);
            Assert.Equal(Rtp(sequence), _a.Unprotect(Assert.Single(_f.Receive(LocalB, RemoteB, Rtp(sequence))).Bytes));
        }
    }
}
