using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Transports;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine.Offload;

/// <summary>Streams go down to a forwarding table and come back.</summary>
public sealed class OffloadTests
{
    private readonly EngineFixture _f = new();
    private readonly RowKeeper _table = new();

    public OffloadTests() => _f.Engine.Offload = _table;

    private static NetEndpoint Elsewhere => Ep("198.51.100.99:9999");

    private void Talk(int sequence = 1)
    {
        _f.Receive(LocalA, RemoteA, Rtp(sequence));
        _f.Receive(LocalB, RemoteB, Rtp(sequence, ssrc: 2));
        _f.Engine.SettleOffload(_f.Now);
    }

    private OffloadTarget TwoWayRow(StreamPlan a, StreamPlan b)
    {
        _f.Apply(a, b);
        Talk();
        return _table.Rows[LocalA];
    }

    private static StreamPlan A => Stream(1, LocalA, RemoteA, 2);

    private static StreamPlan B => Stream(2, LocalB, RemoteB, 1);

    [Fact]
    public void A_confirmed_stream_goes_down_with_its_first_packet()
    {
        var row = TwoWayRow(A with { Tos = 184 }, B with { Tos = 46 });
        Assert.Equal([LocalA, LocalB], _table.Rows.Keys.OrderBy(k => k.Port));
        var output = Assert.Single(row.Outputs);
        Assert.Equal((LocalB, RemoteB, (byte)46, DropReason.None), (output.Source, output.Destination, output.Tos, output.Hold));
        Assert.Equal(SourceMismatch.Ignore, row.Mismatch);
        Assert.Contains(row.PayloadTypes, t => t is { Number: 0, ClockRate: 8000, SilenceByte: 0xff, NominalBytes: 160 });
        Assert.Contains(row.PayloadTypes, t => t is { Number: 101, IsDtmf: true, ClockRate: 0 });
    }

    [Fact]
    public void Nothing_goes_down_while_sources_are_still_compared()
    {
        _f.Apply(A with { Learning = LearningMode.Delayed }, B);
        Talk();
        Assert.Equal([LocalB], _table.Rows.Keys);
        Assert.Contains(_f.Engine.OffloadStates(Call), s => s is { Stream.Value: 1, Obstacle: OffloadObstacle.Unconfirmed, IsOffloaded: false });
        _f.Now = _f.Now.AddSeconds(4);
        Talk(2);
        Assert.Equal(2, _table.Rows.Count);
    }

    [Fact]
    public void With_several_ports_the_row_is_of_the_one_that_ice_chose()
    {
        var other = Ep("203.0.113.9:30008");
        var ice = new IcePlan { LocalUfrag = "local", LocalPassword = "password", RemoteUfrag = "remote", RemotePassword = "password" };
        _f.Apply(A with { Locals = [LocalA, other], Ice = ice, Learning = LearningMode.Ice }, B);
        foreach (var (local, index) in new[] { (other, 1), (LocalA, 0) })
        {
            _f.Engine.SetTransport(_f.Now, new TransportChange
            {
                Reactor = 0,
                CallId = EngineFixture.Call,
                Stream = new StreamId(1),
                UsesIce = true,
                Remote = RemoteA,
                Local = index,
                Sources = [RemoteA],
            });
            _f.Receive(local, RemoteA, Rtp(index + 1));
            _f.Engine.SettleOffload(_f.Now);
            Assert.Equal([local], _table.Rows.Keys);
            _f.Now = _f.Now.AddSeconds(1);
        }
    }

    [Theory]
    [InlineData(StreamFlags.LoopCheck, StreamKind.Rtp, OffloadObstacle.LoopCheck)]
    [InlineData(StreamFlags.None, StreamKind.Rtcp, OffloadObstacle.NoOutput)]
    public void What_a_row_cannot_say_stays(StreamFlags flag, StreamKind kind, OffloadObstacle obstacle)
    {
        _f.Apply(A with { Flags = A.Flags | flag, Kind = kind, RtcpOutputs = [] }, B);
        _f.Receive(LocalA, RemoteA, Rtp(1));
        _f.Engine.SettleOffload(_f.Now);
        Assert.Empty(_table.Rows);
        Assert.Equal(obstacle, _f.Engine.OffloadStates(Call).First(s => s.Stream.Value == 1).Obstacle);
    }

    [Theory]
    [InlineData(StreamFlags.StrictSource, SourceMismatch.Drop)]
    [InlineData(StreamFlags.MediaHandover, SourceMismatch.Propagate)]
    [InlineData(StreamFlags.StrictSource | StreamFlags.MediaHandover, SourceMismatch.Propagate)]
    public void Flags_say_what_a_foreign_source_means(StreamFlags flags, SourceMismatch expected)
    {
        var row = TwoWayRow(A with { Flags = A.Flags | flags }, B);
        Assert.Equal((expected, RemoteA), (row.Mismatch, row.Learned));
    }

    [Fact]
    public void Who_may_not_have_packets_is_held_in_the_row()
    {
        var flags = B.Flags & ~StreamFlags.MayReceive;
        Assert.Equal(DropReason.ReceiveNotAllowed, TwoWayRow(A, B with { Flags = flags }).Outputs[0].Hold);
        _f.Apply(A with { RtpOutputs = [new OutputPlan { To = new StreamId(2), Flags = OutputFlags.Blocked }] }, B);
        Assert.Equal(DropReason.Blocked, _table.Rows[LocalA].Outputs[0].Hold);
        _f.Apply(A with { Flags = A.Flags & ~StreamFlags.MaySend }, B);
        Assert.True(_table.Rows[LocalA].MayNotSend);
        Assert.Equal(DropReason.None, _table.Rows[LocalA].Outputs[0].Hold);
    }

    [Fact]
    public void A_receiver_that_waits_for_its_NAT_gets_packets_once_it_is_heard()
    {
        _f.Apply(A, B with { Flags = B.Flags | StreamFlags.NatWait });
        _f.Receive(LocalA, RemoteA, Rtp(1));
        _f.Engine.SettleOffload(_f.Now);
        Assert.Equal(DropReason.NatWait, _table.Rows[LocalA].Outputs[0].Hold);
        _f.Receive(LocalB, RemoteB, Rtp(1, ssrc: 2));
        _f.Engine.SettleOffload(_f.Now);
        Assert.Equal(DropReason.None, _table.Rows[LocalA].Outputs[0].Hold);
    }

    [Fact]
    public void Rows_follow_a_receiver_that_turns_out_to_be_elsewhere()
    {
        _f.Apply(A, B with { Learning = LearningMode.Immediate });
        _f.Receive(LocalA, RemoteA, Rtp(1));
        _f.Engine.SettleOffload(_f.Now);
        Assert.Equal(RemoteB, _table.Rows[LocalA].Outputs[0].Destination);
        _f.Receive(LocalB, Elsewhere, Rtp(1, ssrc: 2));
        _f.Engine.SettleOffload(_f.Now);
        Assert.Equal(Elsewhere, _table.Rows[LocalA].Outputs[0].Destination);
    }

    [Fact]
    public void What_the_table_counted_is_in_the_statistics_and_keeps_the_call_alive()
    {
        TwoWayRow(A, B);
        _f.Now = _f.Now.AddSeconds(59);
        _f.Engine.Absorb(Report(packets: 100, last: 101, lost: 0));
        _f.Engine.Absorb(Report(packets: 150, last: 155, lost: 4));
        _table.Reports[LocalA] = Report(packets: 150, last: 155, lost: 4);
        var a = _f.Stats(1);
        Assert.Equal((151, 151 * 172), (a.In.Packets, a.In.Bytes));
        Assert.Equal((151, _f.Now), (a.Ssrcs[0].Packets, a.LastPacket));
        Assert.Equal((4, (ushort)155), (a.Ssrcs[0].Lost, a.Ssrcs[0].LastSequence));
        Assert.Equal(151, Assert.Single(a.PayloadTypes).Packets);
        Assert.Equal(151, _f.Stats(2).Out.Packets);
        Assert.Equal(150, _f.Engine.Counters.Offloaded.Packets);
        _f.Now = _f.Now.AddSeconds(30);
        Assert.DoesNotContain(_f.Tick(), fact => fact is CallIdle);
        _f.Now = _f.Now.AddSeconds(31);
        Assert.Contains(_f.Tick(), fact => fact is CallIdle);
    }

    [Fact]
    public void A_short_report_leaves_what_it_does_not_say()
    {
        TwoWayRow(A, B);
        _f.Engine.Absorb(Report(packets: 100, last: 101, lost: 0));
        var brief = Report(packets: 120, last: 121, lost: 0);
        (brief.Ssrcs, brief.PayloadTypes) = ([], []);
        _f.Engine.Absorb(brief);
        _table.Reports[LocalA] = Report(packets: 150, last: 151, lost: 0);
        var a = _f.Stats(1);
        Assert.Equal((151, 151, 151), (a.In.Packets, a.Ssrcs[0].Packets, a.PayloadTypes[0].Packets));
    }

    [Fact]
    public void A_report_that_was_overtaken_counts_nothing_twice()
    {
        TwoWayRow(A, B);
        var late = Report(packets: 100, last: 101, lost: 0);
        _table.Reports[LocalA] = Report(packets: 150, last: 151, lost: 0);
        Assert.Equal(151, _f.Stats(1).In.Packets);
        _f.Engine.Absorb(late);
        Assert.Equal(151, _f.Stats(1).In.Packets);
    }

    [Fact]
    public void A_new_offer_brings_the_call_back_with_all_that_was_counted()
    {
        TwoWayRow(A, B);
        _table.Reports[LocalA] = Report(packets: 10, last: 11, lost: 0);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Apply(A, B);
        Assert.Empty(_table.Rows);
        Assert.Equal(11, _f.Stats(1).In.Packets);
        Talk(12);
        Assert.Equal(2, _table.Rows.Count);
        Assert.Equal(12, _f.Stats(1).Ssrcs[0].Packets);
        Assert.Equal(0, _f.Stats(1).Ssrcs[0].Lost);
    }

    [Fact]
    public void Packets_under_way_are_relayed_and_later_strays_bring_the_stream_back()
    {
        TwoWayRow(A, B);
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(2)));
        Assert.Contains(LocalA, _table.Rows.Keys);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Engine.Absorb(Report(packets: 5, last: 7, lost: 0));
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(8)));
        Assert.DoesNotContain(LocalA, _table.Rows.Keys);
        _f.Now = _f.Now.AddSeconds(1);
        Talk(9);
        Assert.Contains(LocalA, _table.Rows.Keys);
    }

    [Theory]
    [InlineData(StreamKind.RtpMux)]
    [InlineData(StreamKind.Rtcp)]
    public void RTCP_goes_down_too_and_what_comes_up_of_it_is_only_looked_at(StreamKind kind)
    {
        _f.Apply(A with { Kind = kind }, B);
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtcp()));
        _f.Engine.SettleOffload(_f.Now);
        var row = _table.Rows[LocalA];
        Assert.True(row.TakesRtcp);
        Assert.Equal(kind == StreamKind.Rtcp ? [true] : [false, true], row.Outputs.Select(o => o.Rtcp));
        Assert.Empty(_f.Receive(LocalA, RemoteA, Rtcp()));
        Assert.Equal(1, _f.Stats(1).In.Packets);
    }

    [Fact]
    public void A_refused_row_leaves_the_stream_here()
    {
        _table.Refuses = true;
        _f.Apply(A, B);
        Talk();
        Talk(2);
        Assert.Equal(2, _table.Sets);
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(3)));
        Assert.Equal(0, _f.Engine.Counters.OffloadedStreams);
    }

    [Fact]
    public void The_end_of_a_call_takes_its_rows_along_and_counts_them()
    {
        TwoWayRow(A, B);
        _table.Reports[LocalA] = Report(packets: 10, last: 11, lost: 0);
        Assert.Equal(11, _f.Engine.Remove(_f.Now, Call)!.Streams[0].In.Packets);
        Assert.Empty(_table.Rows);
    }

    [Fact]
    public void Rows_that_still_say_what_they_should_are_left_alone()
    {
        TwoWayRow(A, B);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Tick();
        _f.Now = _f.Now.AddSeconds(1);
        _f.Tick();
        Assert.Equal(2, _table.Sets);
    }

    private OffloadReport Report(long packets, ushort last, long lost) => new()
    {
        Local = LocalA,
        ReadAt = _f.Now = _f.Now.AddMillis(1),
        In = new Counters(packets, packets * 172, 0),
        LastPacket = _f.Now,
        Ssrcs = [new SsrcStatistics { Ssrc = 0x11223344, Packets = packets, Bytes = packets * 172, LastSequence = last, Lost = lost, PayloadType = 0 }],
        PayloadTypes = [new PayloadTypeStatistics(0, packets, packets * 172)],
        Outputs = [new OffloadOutputReport(new StreamId(2), false, new Counters(packets, packets * 172, 0), 0x11223344)],
    };
}
