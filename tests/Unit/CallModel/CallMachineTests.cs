using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel;

public sealed class CallMachineTests
{
    [Fact]
    public void A_command_saves_before_it_pushes_and_pushes_before_it_replies()
    {
        var driver = Requests.Driver();

        driver.Run(Requests.Offer());

        Assert.Equal(
            [typeof(ReservePorts), typeof(SaveCall), typeof(PushPlan), typeof(Reply)], driver.Effects.Select(e => e.GetType()));
        Assert.Equal(driver.Plan!.Epoch, driver.Stored!.Version);
    }

    [Fact]
    public void The_epoch_counts_up_with_each_plan()
    {
        var driver = Requests.Driver();
        driver.Run(Requests.Offer());
        driver.Run(Requests.Answer());

        Assert.Equal(2, driver.Plan!.Epoch);
    }

    [Theory]
    [InlineData("v=0\r\nnonsense")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\nm=audio 2 RTP/SAVP 0\r\n")]
    public void A_request_that_fails_changes_nothing(string sdp)
    {
        var driver = Requests.AnsweredCall();
        var before = driver.Stored!.State.ToArray();

        var reply = driver.Run(new NgCommand { Verb = NgVerb.Offer, CallId = "call", FromTag = "A", ToTag = "B", Sdp = sdp });

        Assert.Equal("error", reply.Text("result"));
        Assert.IsType<Reply>(driver.Effects[^1]);
        Assert.DoesNotContain(driver.Effects, e => e is SaveCall or PushPlan);
        driver.Restart();
        Assert.Equal(before, RtpCluster.CallModel.Snapshots.CallSnapshot.Write(driver.Machine.State!));
    }

    [Fact]
    public void No_ports_means_no_call()
    {
        var driver = Requests.Driver();
        driver.FreePorts = 1;

        var reply = driver.Run(Requests.Offer());

        Assert.Equal("Ran out of ports", reply.Text("error-reason"));
        Assert.Null(driver.Machine.State);
    }

    [Fact]
    public void An_answer_needs_no_ports_of_its_own()
    {
        var driver = Requests.Driver();
        driver.Run(Requests.Offer());

        driver.Run(Requests.Answer());

        Assert.DoesNotContain(driver.Effects, e => e is ReservePorts);
    }

    [Fact]
    public void A_verb_without_a_row_is_refused_by_name()
    {
        var reply = Requests.Driver().Run(new NgCommand { Verb = NgVerb.PlayMedia, CallId = "call" });

        Assert.Equal("not supported yet: play media", reply.Text("error-reason"));
    }

    [Fact]
    public void Nothing_else_runs_while_a_command_waits()
    {
        var driver = Requests.Driver();
        driver.Machine.Handle(driver.Now, Requests.Offer(), driver);

        Assert.True(driver.Machine.IsSuspended);
        Assert.Throws<InvalidOperationException>(() => driver.Machine.Handle(driver.Now, Requests.Offer(), driver));
    }

    [Fact]
    public void A_restored_call_has_the_same_plan_and_goes_on()
    {
        var driver = Requests.AnsweredCall();
        var before = driver.Plan!;

        driver.Restart();

        var after = driver.Machine.CurrentPlan()!;
        Assert.Equal(before.Epoch, after.Epoch);
        Assert.Equal(before.Streams.Select(Describe), after.Streams.Select(Describe));
        Assert.Equal("ok", driver.Run(Requests.Offer("B", extra: "a=sendonly\r\n")).Text("result"));
        Assert.Equal(before.Epoch + 1, driver.Plan!.Epoch);
        Assert.Equal(before.Streams.Select(s => s.Locals[0]), driver.Plan.Streams.Select(s => s.Locals[0]));
    }

    [Fact]
    public void A_damaged_snapshot_is_refused()
    {
        Assert.Throws<FormatException>(() => CallMachine.Restore(Requests.Config, new StoredCall(new CallId("x"), 1, "{"u8.ToArray())));
        Assert.Throws<FormatException>(
            () => CallMachine.Restore(Requests.Config, new StoredCall(new CallId("x"), 1, "{\"CallId\":\"x\",\"Format\":99}"u8.ToArray())));
    }

    [Fact]
    public void Learned_endpoints_are_saved_after_a_second_and_stand_in_the_plan()
    {
        var driver = Requests.AnsweredCall();
        var stream = driver.Plan!.Streams[0].Id;
        var endpoint = NetEndpoint.Parse("198.51.100.1:2222");

        driver.Report(new EndpointLearned(new CallId("call"), stream, endpoint));
        Assert.Equal(driver.Now.AddSeconds(1), driver.Machine.NextDeadline);
        driver.Advance(1);

        Assert.Single(driver.Effects);
        Assert.IsType<SaveCall>(driver.Effects[0]);
        driver.Restart();
        Assert.Equal(endpoint, driver.Machine.CurrentPlan()!.Streams[0].Learned);
    }

    [Fact]
    public void Facts_that_say_nothing_new_save_nothing()
    {
        var driver = Requests.AnsweredCall();
        driver.Report(new EndpointLearned(new CallId("call"), new StreamId(999), NetEndpoint.Parse("198.51.100.1:2222")));

        Assert.Null(driver.Machine.NextDeadline);
    }

    [Fact]
    public void Srtp_checkpoints_are_kept_per_ssrc_and_direction()
    {
        var driver = Requests.AnsweredCall();
        var stream = driver.Plan!.Streams[0].Id;

        driver.Report(new SrtpCheckpointed(new CallId("call"), stream, new SrtpCheckpoint(1, false, 65536, 0)));
        driver.Report(new SrtpCheckpointed(new CallId("call"), stream, new SrtpCheckpoint(1, false, 131072, 0)));
        driver.Report(new SrtpCheckpointed(new CallId("call"), stream, new SrtpCheckpoint(1, true, 7, 0)));
        driver.Advance(1);
        driver.Restart();

        Assert.Equal(
            [new SrtpCheckpoint(1, false, 131072, 0), new SrtpCheckpoint(1, true, 7, 0)], driver.Machine.CurrentPlan()!.Streams[0].Checkpoints);
    }

    [Fact]
    public void An_idle_call_ends_with_its_reason_but_not_when_the_finding_is_stale()
    {
        var driver = Requests.AnsweredCall();

        driver.Report(new CallIdle(new CallId("call"), 1, IdleReason.Timeout));
        Assert.NotNull(driver.Machine.State);
        driver.Report(new CallIdle(new CallId("call"), 2, IdleReason.SilentTimeout));

        Assert.Equal([new CallEnded(CallEndReason.SilentTimeout)], driver.Effects);
        Assert.Null(driver.Machine.State);
        Assert.Null(driver.Machine.NextDeadline);
    }

    [Fact]
    public void The_final_timeout_counts_from_creation()
    {
        var driver = Requests.AnsweredCall(Requests.Config with { FinalTimeout = 10 });

        Assert.Equal(driver.Now.AddSeconds(10), driver.Machine.NextDeadline);
        driver.Advance(10);

        Assert.Equal([new CallEnded(CallEndReason.FinalTimeout)], driver.Effects);
    }

    [Fact]
    public void A_deleted_call_goes_after_the_delay_and_an_offer_brings_it_back()
    {
        var driver = Requests.AnsweredCall();

        driver.Run(Requests.Delete());
        Assert.DoesNotContain(driver.Effects, e => e is PushPlan);
        Assert.Equal(driver.Now.AddSeconds(30), driver.Machine.NextDeadline);
        driver.Run(Requests.Offer("B"));
        Assert.Null(driver.Machine.NextDeadline);
        driver.Run(Requests.Delete(delay: 0));

        Assert.Equal(new CallEnded(CallEndReason.Regular), driver.Effects[^2]);
    }

    [Fact]
    public void Delete_tells_the_statistics_unless_it_must_be_fast()
    {
        var driver = Requests.AnsweredCall();
        driver.Statistics = new CallStatistics
        {
            CallId = new CallId("call"),
            Streams = [new StreamStatistics { Id = driver.Plan!.Streams[0].Id, In = new Counters(7, 1204, 0) }],
        };

        var full = driver.Run(Requests.Delete());
        var fast = Requests.Delete();
        fast.Flags = NgFlags.Fast;

        var rtp = (NgDictionary)((NgDictionary)full["totals"]!)["RTP"]!;
        Assert.Equal(new NgInteger(7), rtp["packets"]);
        Assert.Null(driver.Run(fast)["totals"]);
        Assert.DoesNotContain(driver.Effects, e => e is ReadStatistics);
    }

    [Fact]
    public void An_operator_ends_a_call_at_once()
    {
        var driver = Requests.AnsweredCall();
        driver.Machine.Terminate(CallEndReason.Forced);

        Assert.True(driver.Machine.TryGetOutput(out var effect));
        Assert.Equal(new CallEnded(CallEndReason.Forced), effect);
    }

    private static string Describe(StreamPlan s) =>
        $"{s.Id} {s.Kind} {s.Locals[0]} {s.Remote} {s.Sibling} {s.Flags} {s.Filled} {s.Public} {s.IdleSeconds} "
        + string.Join(',', s.PayloadTypes) + string.Join(',', s.RtpOutputs.Select(o => o.To)) + string.Join(',', s.RtcpOutputs.Select(o => o.To));
}
