using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine.Offload;

/// <summary>SRTP indices go down with a stream and come back with it, over processes too.</summary>
public sealed class OffloadSrtpTests : IDisposable
{
    private static readonly SrtpKeys FromA = SrtpEndpoint.Keys(1);
    private static readonly SrtpKeys ToB = SrtpEndpoint.Keys(2);

    private readonly EngineFixture _f = new();
    private readonly RowKeeper _table = new();
    private readonly SrtpEndpoint _a = new(FromA, FromA);
    private readonly SrtpEndpoint _b = new(ToB, ToB);

    // What the kernel does to a packet between the two sets of keys, done by two ends that know both.
    private readonly SrtpEndpoint _kernelIn = new(FromA, FromA);
    private readonly SrtpEndpoint _kernelOut = new(ToB, ToB);

    public OffloadSrtpTests() => _f.Engine.Offload = _table;

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _kernelIn.Dispose();
        _kernelOut.Dispose();
    }

    private static StreamPlan A => Stream(1, LocalA, RemoteA, 2) with { Decrypt = FromA, Sibling = new StreamId(3) };

    private static StreamPlan B => Stream(2, LocalB, RemoteB, 1) with { Encrypt = ToB, Learning = LearningMode.Immediate };

    private static StreamPlan RtcpOfA => Stream(3, Ep("192.0.2.1:30001"), Ep("198.51.100.1:4001")) with
    {
        Kind = StreamKind.Rtcp,
        Decrypt = FromA,
        Sibling = new StreamId(1),
    };

    private byte[] AToB(int sequence) => _b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(sequence)))).Bytes);

    private OffloadTarget Offload()
    {
        _f.Apply(A, B, RtcpOfA);
        AToB(65530);
        _f.Receive(LocalB, Ep("198.51.100.2:7777"), Rtp(1, ssrc: 2));
        _f.Engine.SettleOffload(_f.Now);
        return _table.Rows[LocalA];
    }

    /// <summary>The row forwards packets that the engine never sees.</summary>
    private OffloadReport Forward(OffloadTarget row, int from, int to)
    {
        for (int i = from; i <= to; i++)
        {
            _b.Unprotect(Reprotect(_a.Protect(Rtp(i & 0xffff))));
        }

        ulong index = (ulong)to;
        return _table.Reports[LocalA] = new OffloadReport
        {
            Local = LocalA,
            In = new Counters(to - from + 1, 1000, 0),
            LastPacket = _f.Now,
            Ssrcs = [new SsrcStatistics { Ssrc = 0x11223344, Packets = to - from + 1, LastSequence = (ushort)to, PayloadType = 0 }],
            Indices =
            [
                new OffloadIndex(row.Decrypt!.Id, new SrtpCheckpoint(0x11223344, false, index, 0)),
                new OffloadIndex(row.Outputs[0].Encrypt!.Id, new SrtpCheckpoint(0x11223344, true, index, 0)),
            ],
        };
    }

    private byte[] Reprotect(byte[] packet) => _kernelOut.Protect(_kernelIn.Unprotect(packet));

    [Fact]
    public void A_row_goes_on_with_the_indices_reached_here()
    {
        var row = Offload();
        Assert.Equal(65530UL, Assert.Single(row.Decrypt!.States).RtpIndex);
        Assert.Equal(65530UL, Assert.Single(row.Outputs[0].Encrypt!.States).RtpIndex);
        Assert.All(row.Outputs[0].Encrypt!.States, s => Assert.Equal(0u, s.RtcpIndex));
        Assert.NotEqual(row.Decrypt.Id, row.Outputs[0].Encrypt!.Id);
    }

    [Fact]
    public void A_rollover_in_the_row_is_known_here_when_the_stream_comes_back()
    {
        var row = Offload();
        Forward(row, 65531, 65546);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Apply(A, B, RtcpOfA);
        Assert.Empty(_table.Rows);
        Assert.Equal(Rtp(11), AToB(11));
        Assert.Equal(0, _f.Stats(1).Ssrcs[0].Lost);
    }

    [Fact]
    public void SRTCP_indices_of_keys_that_a_row_counts_are_reserved_there()
    {
        // Two senders of RTCP for B: the first is in the table, the second is not confirmed yet.
        var second = Stream(4, Ep("192.0.2.1:30020"), Ep("198.51.100.3:4000"), 2) with { Kind = StreamKind.RtpMux, Learning = LearningMode.Delayed };
        _f.Apply(A with { Kind = StreamKind.RtpMux }, B, second);
        _b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtcp()))).Bytes);
        _f.Engine.SettleOffload(_f.Now);
        Assert.Contains(LocalA, _table.Rows.Keys);
        _b.Unprotect(Assert.Single(_f.Receive(second.Locals[0], second.Remote, Rtcp())).Bytes);
        Assert.Equal(_table.Reserved, _b.ReceivedRtcpIndex(0x11223344));
        _b.Unprotect(Assert.Single(_f.Receive(second.Locals[0], second.Remote, Rtcp())).Bytes);
        Assert.Equal(_table.Reserved, _b.ReceivedRtcpIndex(0x11223344));
    }

    [Fact]
    public void Packets_that_lay_in_the_socket_when_the_row_came_are_relayed_although_the_row_is_further()
    {
        var row = Offload();
        byte[] lying = _a.Protect(Rtp(65531));
        _f.Engine.Absorb(new OffloadReport
        {
            Local = LocalA,
            ReadAt = _f.Now.AddMillis(10),
            In = new Counters(1, 100, 0),
            Indices =
            [
                new OffloadIndex(row.Decrypt!.Id, new SrtpCheckpoint(0x11223344, false, 65533, 0)),
                new OffloadIndex(row.Outputs[0].Encrypt!.Id, new SrtpCheckpoint(0x11223344, true, 65533, 0)),
            ],
        });
        Assert.Equal(Rtp(65531), _b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, lying)).Bytes));
        Assert.Empty(_f.Receive(LocalA, RemoteA, lying));
    }

    [Fact]
    public void Indices_of_rows_are_reported_upwards()
    {
        var row = Offload();
        _f.Facts();
        _f.Engine.Absorb(new OffloadReport
        {
            Local = LocalA,
            ReadAt = _f.Now.AddMillis(1),
            Indices = [new OffloadIndex(row.Outputs[0].Encrypt!.Id, new SrtpCheckpoint(0x11223344, true, 65530 + 20000, 0))],
        });
        var fact = Assert.IsType<SrtpCheckpointed>(Assert.Single(_f.Facts()));
        Assert.Equal((2, 85530UL), (fact.Stream.Value, fact.State.RtpIndex));
    }

    [Fact]
    public void Sessions_have_the_same_names_in_the_next_process_and_for_RTCP()
    {
        var row = Offload();
        var next = new EngineFixture();
        var table = new RowKeeper();
        next.Engine.Offload = table;
        next.Apply(A with { Locals = [Ep("192.0.2.1:40000")] }, B, RtcpOfA);
        using var sender = new SrtpEndpoint(FromA, FromA);
        next.Receive(Ep("192.0.2.1:40000"), RemoteA, sender.Protect(Rtp(1)));
        next.Engine.SettleOffload(next.Now);
        Assert.Equal(row.Decrypt!.Id, Assert.Single(table.Rows).Value.Decrypt!.Id);
    }

    [Fact]
    public void The_next_process_keeps_the_rows_of_its_plans_and_knows_where_everybody_is()
    {
        var row = Offload();
        var next = Adopt(row, epoch: 1, out var table);
        Assert.Equal(0, table.Sets);
        Assert.Contains(LocalA, table.Rows.Keys);
        Assert.Equal((500, true), (next.Stats(1).In.Packets, next.Stats(1).Confirmed));
        Assert.Equal(Ep("198.51.100.2:7777"), next.Stats(2).Endpoint);

        // And it knows the indices: after a new offer the first packet here is under the right rollover.
        _a.Protect(Rtp(65531));
        _a.Protect(Rtp(65535));
        _b.Unprotect(_kernelOut.Protect(Rtp(65531)));
        _b.Unprotect(_kernelOut.Protect(Rtp(9)));
        next.Now = next.Now.AddSeconds(1);
        next.Apply(A, B, RtcpOfA);
        var sent = Assert.Single(next.Receive(LocalA, RemoteA, _a.Protect(Rtp(10))));
        Assert.Equal(Rtp(10), _b.Unprotect(sent.Bytes));
    }

    [Fact]
    public void Rows_of_another_plan_end_but_their_indices_count()
    {
        var row = Offload();
        var next = Adopt(row, epoch: 7, out var table);
        Assert.Empty(table.Rows);
        Assert.Equal(500, next.Stats(1).In.Packets);
    }

    private EngineFixture Adopt(OffloadTarget row, long epoch, out RowKeeper table)
    {
        var report = new OffloadReport
        {
            Local = LocalA,
            In = new Counters(500, 5000, 0),
            LastPacket = _f.Now,
            Indices =
            [
                new OffloadIndex(row.Decrypt!.Id, new SrtpCheckpoint(0x11223344, false, 65545, 0)),
                new OffloadIndex(row.Outputs[0].Encrypt!.Id, new SrtpCheckpoint(0x11223344, true, 65545, 0)),
            ],
        };
        table = new RowKeeper { Rows = { [LocalA] = row }, Reports = { [LocalA] = report } };
        table.Legacy.Add(new OffloadLegacy(
            LocalA, row.Stream, epoch, _table.Fingerprints[LocalA], row.Learned, row.Current, [(new StreamId(2), Ep("198.51.100.2:7777"))], report));
        var next = new EngineFixture();
        next.Engine.Offload = table;
        next.Apply(A, B, RtcpOfA);
        next.Engine.AdoptOffload(next.Now, Call);
        return next;
    }
}
