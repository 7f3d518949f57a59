using RtpCluster.Contracts;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.Unit.NodeAgent.MediaProcess;

public class CallPlacementTests
{
    private readonly CallPlacement _placement = new(2);

    [Fact]
    public void One_reactor_is_filled_before_the_next_and_then_the_lighter_one_takes_the_call()
    {
        int[] first = [.. Enumerable.Range(0, 256).Select(i => Place($"a{i}", 2))];
        int[] second = [.. Enumerable.Range(0, 256).Select(i => Place($"b{i}", 2))];

        Assert.All(first, reactor => Assert.Equal(0, reactor));
        Assert.All(second, reactor => Assert.Equal(1, reactor));
        Assert.Equal(0, Place("c", 100));
        Assert.Equal(1, Place("d", 2));
    }

    [Fact]
    public void A_room_weighs_as_much_as_it_sends()
    {
        Assert.Equal(0, Place("room", CallPlacement.PackedWeight));
        Assert.Equal(1, Place("call", 2));
    }

    [Fact]
    public void A_call_stays_where_it_is()
    {
        Place("call", 2);
        Place("room", CallPlacement.PackedWeight);

        Assert.Equal(0, Place("call", 2));
    }

    [Fact]
    public void A_call_that_ended_makes_room_but_not_while_a_command_of_it_is_on_its_way()
    {
        Place("room", CallPlacement.PackedWeight);
        int removed = _placement.Begin(new CallId("room"));
        int again = _placement.Begin(new CallId("room"));
        _placement.End(new CallId("room"), 0);
        Assert.Equal(removed, again);
        Assert.Equal(0, _placement.Begin(new CallId("room")));
        _placement.End(new CallId("room"), 0);
        _placement.End(new CallId("room"), 0);

        Assert.Equal(0, Place("call", 2));
    }

    private int Place(string callId, int weight)
    {
        int reactor = _placement.Begin(new CallId(callId));
        _placement.End(new CallId(callId), weight);
        return reactor;
    }
}
