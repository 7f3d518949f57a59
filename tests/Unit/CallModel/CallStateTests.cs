using RtpCluster.CallModel;
using RtpCluster.CallModel.Snapshots;

namespace RtpCluster.Unit.CallModel;

public sealed class CallStateTests
{
    [Fact]
    public void A_snapshot_read_and_written_again_is_the_same()
    {
        var driver = Requests.AnsweredCall();
        driver.Run(Requests.Offer("B", extra: "a=extmap:1 urn:a\r\na=mid:x\r\na=rtcp-mux\r\n"));
        var first = CallSnapshot.Write(driver.Machine.State!);

        Assert.Equal(first, CallSnapshot.Write(CallSnapshot.Read(first)));
    }

    [Fact]
    public void Changing_a_clone_does_not_touch_the_original()
    {
        var state = Requests.AnsweredCall().Machine.State!;
        var before = CallSnapshot.Write(state);

        var clone = state.Clone();
        clone.Monologues[0].Aliases.Add("x");
        clone.Monologues[0].Medias[0].Codecs.Clear();
        clone.Monologues[0].Medias[0].Set(MediaFlags.Rejected);
        clone.Subscriptions[0].BlockMedia = true;
        clone.Subscriptions.RemoveAt(1);
        clone.Remove(clone.Monologues[1]);

        Assert.Equal(before, CallSnapshot.Write(state));
    }

    [Fact]
    public void Removing_a_monologue_removes_its_subscriptions()
    {
        var state = Requests.AnsweredCall().Machine.State!.Clone();

        state.Remove(state.Monologues[1]);

        Assert.Empty(state.Subscriptions);
    }

    [Fact]
    public void Participants_are_found_by_tag_alias_and_label()
    {
        var state = Requests.AnsweredCall().Machine.State!.Clone();
        state.Monologues[1].Aliases.Add("old");
        state.Monologues[1].Label = "right";

        Assert.Same(state.Monologues[1], state.FindByTag("B"));
        Assert.Same(state.Monologues[1], state.FindByTag("old"));
        Assert.Same(state.Monologues[1], state.FindByLabel("right"));
        Assert.Equal([state.Monologues[0]], state.Peers(state.Monologues[1]));
    }
}
