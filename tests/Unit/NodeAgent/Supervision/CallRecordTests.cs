using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Supervision;

namespace RtpCluster.Unit.NodeAgent.Supervision;

public class CallRecordTests
{
    private static readonly NetEndpoint s_left = NetEndpoint.Parse("192.0.2.1:30000");
    private static readonly NetEndpoint s_right = NetEndpoint.Parse("192.0.2.1:30002");
    private static readonly NetEndpoint s_spare = NetEndpoint.Parse("192.0.2.1:30004");
    private static readonly NetEndpoint s_remote = NetEndpoint.Parse("198.51.100.1:4000");
    private static readonly NetEndpoint s_learned = NetEndpoint.Parse("203.0.113.1:5000");
    private static readonly StreamId s_stream = new(1);

    private readonly CallRecord _record = new(new CallId("c"));

    [Fact]
    public void A_plan_takes_over_the_reserved_ports_and_gives_back_the_rest()
    {
        _record.Reserve([s_left, s_right, s_spare]);

        var gone = _record.Take(Plan(1));

        Assert.Equal([s_spare], gone.Reserved);
        Assert.Empty(gone.Planned);
        Assert.Equal([s_left, s_right], _record.Planned);
        Assert.Empty(_record.Reserved);
        Assert.Empty(_record.Take(Plan(1)).Reserved);
    }

    [Fact]
    public void The_same_plan_again_gives_back_what_was_reserved_since()
    {
        _record.Take(Plan(2));
        _record.Reserve([s_spare]);

        Assert.Empty(_record.Take(Plan(1)).Reserved);
        Assert.Equal([s_spare], _record.Take(Plan(2)).Reserved);
    }

    [Fact]
    public void A_newer_plan_gives_back_the_ports_of_the_older_one_that_it_does_not_name()
    {
        _record.Take(Plan(1));

        var gone = _record.Take(TestPlans.TwoWay("c", s_left, s_spare, s_remote, s_remote, 2));

        Assert.Equal([s_right], gone.Planned);
        Assert.Empty(gone.Reserved);
    }

    [Fact]
    public void Its_facts_make_the_same_record_elsewhere()
    {
        _record.Take(Plan(1));
        _record.Note(new EndpointLearned(new CallId("c"), s_stream, s_learned));
        _record.Note(new SrtpCheckpointed(new CallId("c"), s_stream, new SrtpCheckpoint(7, true, 65536, 0)));
        var other = new CallRecord(new CallId("c"));
        other.Take(Plan(1));

        foreach (var fact in _record.Facts)
        {
            other.Note(fact);
        }

        Assert.Equal(s_learned, other.Resume()!.Streams[0].Learned);
        Assert.Equal([new SrtpCheckpoint(7, true, 65536, 0)], other.Resume()!.Streams[0].Checkpoints);
    }

    [Fact]
    public void Ports_of_the_plan_cannot_be_released()
    {
        _record.Take(Plan(1));
        _record.Reserve([s_spare]);

        Assert.Equal([s_spare], _record.Release([s_left, s_spare]));
    }

    [Fact]
    public void The_resumed_plan_carries_what_the_facts_said()
    {
        _record.Take(Plan(1));
        _record.Note(new EndpointLearned(new CallId("c"), s_stream, s_learned));
        _record.Note(new SrtpCheckpointed(new CallId("c"), s_stream, new SrtpCheckpoint(7, true, 65536, 0)));
        _record.Note(new SrtpCheckpointed(new CallId("c"), s_stream, new SrtpCheckpoint(7, true, 131072, 0)));

        var stream = _record.Resume()!.Streams[0];

        Assert.Equal(s_learned, stream.Learned);
        Assert.Equal([new SrtpCheckpoint(7, true, 131072, 0)], stream.Checkpoints);
        Assert.True(_record.Resume()!.Streams[1].Learned.IsNone);
    }

    [Fact]
    public void A_checkpoint_of_the_plan_stays_unless_a_newer_one_came()
    {
        var plan = Plan(1);
        plan.Streams[0] = plan.Streams[0] with { Checkpoints = [new(7, true, 1, 0), new(8, true, 2, 0)] };
        _record.Take(plan);
        _record.Note(new SrtpCheckpointed(new CallId("c"), s_stream, new SrtpCheckpoint(7, true, 9, 0)));

        Assert.Equal([new SrtpCheckpoint(8, true, 2, 0), new SrtpCheckpoint(7, true, 9, 0)], _record.Resume()!.Streams[0].Checkpoints);
    }

    [Fact]
    public void A_new_signalled_address_or_key_outdates_what_was_learned()
    {
        _record.Take(Plan(1));
        _record.Note(new EndpointLearned(new CallId("c"), s_stream, s_learned));
        _record.Note(new SrtpCheckpointed(new CallId("c"), s_stream, new SrtpCheckpoint(7, true, 65536, 0)));

        var plan = Plan(2);
        plan.Streams[0] = plan.Streams[0] with
        {
            Remote = s_spare,
            Encrypt = new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = new byte[16], MasterSalt = new byte[14] },
        };
        _record.Take(plan);

        var stream = _record.Resume()!.Streams[0];
        Assert.True(stream.Learned.IsNone);
        Assert.Empty(stream.Checkpoints);
    }

    private static MediaPlan Plan(long epoch) => TestPlans.TwoWay("c", s_left, s_right, s_remote, s_remote, epoch);
}
