using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine.Offload;

/// <summary>Payload types that come here although their stream has a row.</summary>
public sealed class OffloadTypeTests : IDisposable
{
    private static readonly SrtpKeys FromA = SrtpEndpoint.Keys(1);

    private readonly EngineFixture _f = new();
    private readonly RowKeeper _table = new();
    private readonly SrtpEndpoint _a = new(FromA, FromA);

    public OffloadTypeTests() => _f.Engine.Offload = _table;

    public void Dispose() => _a.Dispose();

    /// <summary>More payload types than a row has room for: 60 to 99, all of PCMA's clock; 99 is renamed.</summary>
    private static StreamPlan Rich => Stream(1, LocalA, RemoteA, 2) with
    {
        PayloadTypes = [.. Enumerable.Range(60, 40).Select(n => new PayloadTypePlan((byte)n, "x", 8000))],
        RtpOutputs = [new OutputPlan { To = new StreamId(2), PayloadTypeMaps = [new PayloadTypeMap(60, 110), new PayloadTypeMap(99, 111)] }],
    };

    private static StreamPlan B => Stream(2, LocalB, RemoteB, 1);

    private OffloadTarget Offload(StreamPlan a, StreamPlan b)
    {
        _f.Apply(a, b);
        _f.Receive(LocalA, RemoteA, a.Decrypt is null ? Rtp(1, 60) : _a.Protect(Rtp(1, 60)));
        _f.Receive(LocalB, RemoteB, Rtp(1, ssrc: 2));
        _f.Engine.SettleOffload(_f.Now);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Engine.Absorb(Report(0, 1));
        return _table.Rows[LocalA];
    }

    [Fact]
    public void A_row_takes_as_many_payload_types_as_it_has_room_for_and_leaves_the_others_here()
    {
        var row = Offload(Rich, B);
        Assert.True(row.OthersStay);
        Assert.Equal(Enumerable.Range(60, 32), row.PayloadTypes.Select(t => (int)t.Number));
        Assert.Equal([new PayloadTypeMap(60, 110)], row.Outputs[0].PayloadTypeMaps);
        Assert.False(_table.Rows[LocalB].OthersStay);
    }

    [Fact]
    public void What_a_row_leaves_here_is_handled_here_and_the_row_stays()
    {
        Offload(Rich, B);
        int sets = _table.Sets;
        for (int i = 0; i < 50; i++)
        {
            var sent = Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(10 + i, 99)));
            Assert.Equal(111, sent.Bytes[1]);
        }

        _f.Engine.SettleOffload(_f.Now);
        Assert.Contains(LocalA, _table.Rows.Keys);
        Assert.Equal(sets, _table.Sets);
        Assert.Equal(51, _f.Stats(1).In.Packets);
    }

    [Fact]
    public void A_type_that_is_used_much_goes_down_in_the_place_of_one_that_is_not()
    {
        Offload(Rich, B);
        for (int i = 0; i < 100; i++)
        {
            _f.Receive(LocalA, RemoteA, Rtp(10 + i, 99));
        }

        _f.Engine.SettleOffload(_f.Now);
        var row = _table.Rows[LocalA];
        Assert.Contains(row.PayloadTypes, t => t.Number == 99);
        Assert.Contains(row.PayloadTypes, t => t.Number == 60);
        Assert.Equal(32, row.PayloadTypes.Length);
        Assert.Equal([new PayloadTypeMap(60, 110), new PayloadTypeMap(99, 111)], row.Outputs[0].PayloadTypeMaps);
    }

    [Fact]
    public void Packets_of_both_ways_are_one_account()
    {
        Offload(Rich, B);
        _f.Receive(LocalA, RemoteA, Rtp(11, 99));
        _f.Engine.Absorb(Report(9, 10));
        var ssrc = _f.Stats(1).Ssrcs[0];
        Assert.Equal((11, 0, (ushort)10), (ssrc.Packets, ssrc.Lost, ssrc.LastSequence));
        Assert.Equal(0, ssrc.Reordered);
    }

    [Fact]
    public void Toward_a_receiver_with_keys_such_a_packet_brings_the_stream_back_so_that_indices_are_counted_in_one_place()
    {
        Offload(Rich, B with { Encrypt = SrtpEndpoint.Keys(2) });
        Receive(64, 2);
        Assert.DoesNotContain(LocalA, _table.Rows.Keys);
        Receive(1, 70);
        _f.Engine.SettleOffload(_f.Now);
        Assert.Contains(_table.Rows[LocalA].PayloadTypes, t => t.Number == 99);

        void Receive(int packets, int from)
        {
            for (int i = 0; i <= packets; i++)
            {
                Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(from + i, 99)));
            }

            _f.Now = _f.Now.AddSeconds(1);
        }
    }

    [Fact]
    public void SRTP_that_comes_here_is_no_replay_because_the_row_is_further_and_is_taken_once()
    {
        var row = Offload(Rich with { Decrypt = FromA }, B);
        byte[] left = _a.Protect(Rtp(5, 99));
        _f.Engine.Absorb(Report(8, 9, row.Decrypt!.Id));
        Assert.Equal(Rtp(5, 111), Assert.Single(_f.Receive(LocalA, RemoteA, left)).Bytes);
        Assert.Empty(_f.Receive(LocalA, RemoteA, left));
    }

    [Fact]
    public void After_it_came_back_what_the_row_forwarded_counts_as_seen()
    {
        var row = Offload(Rich with { Decrypt = FromA }, B);
        byte[] forwarded = _a.Protect(Rtp(8, 60));
        _f.Receive(LocalA, RemoteA, _a.Protect(Rtp(10, 99)));
        _table.Reports[LocalA] = Report(8, 9, row.Decrypt!.Id);
        _f.Engine.Absorb(_table.Reports[LocalA]);
        _f.Now = _f.Now.AddSeconds(1);
        _f.Apply(Rich with { Decrypt = FromA }, B);
        Assert.Empty(_f.Receive(LocalA, RemoteA, forwarded));
        Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(11, 60))));
    }

    [Fact]
    public void Retransmissions_of_a_publisher_come_here_and_go_no_further()
    {
        var publisher = Stream(1, LocalA, RemoteA, 2) with
        {
            PayloadTypes = [new(96, "VP8", 90000), new(97, "rtx", 90000)],
            Feedback = new FeedbackPlan { LocalSsrc = 7, Flags = FeedbackFlags.Nack, RepairTypes = [new PayloadTypeMap(97, 96)] },
        };
        _f.Apply(publisher, B);
        _f.Receive(LocalA, RemoteA, Rtp(1, 96));
        _f.Engine.SettleOffload(_f.Now);
        _f.Now = _f.Now.AddSeconds(1);
        var row = _table.Rows[LocalA];
        Assert.False(row.OthersStay);
        Assert.Equal([(96, false), (97, true)], row.PayloadTypes.Select(t => ((int)t.Number, t.ComesHere)));
        for (int i = 0; i < 70; i++)
        {
            Assert.Empty(_f.Receive(LocalA, RemoteA, Rtp(i, 97, ssrc: 99)));
        }

        Assert.Contains(LocalA, _table.Rows.Keys);
    }

    private OffloadReport Report(long packets, ushort last, ulong keys = 0) => new()
    {
        Local = LocalA,
        ReadAt = _f.Now = _f.Now.AddMillis(1),
        In = new Counters(packets, packets * 172, 0),
        LastPacket = _f.Now,
        Ssrcs = [new SsrcStatistics { Ssrc = 0x11223344, Packets = packets, Bytes = packets * 172, LastSequence = last, PayloadType = 60 }],
        Indices = keys == 0 ? [] : [new OffloadIndex(keys, new SrtpCheckpoint(0x11223344, false, last, 0))],
    };
}
