using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel;

/// <summary>Commands whose ports can be had at once, wholly, in part, or not.</summary>
public sealed class PortSourceTests
{
    private static readonly Instant s_now = new(1_700_000_000_000_000);

    [Fact]
    public void A_command_whose_ports_are_there_does_not_wait()
    {
        var machine = Offer(new Stock(30000, 30002));

        var effects = Drain(machine);

        Assert.Equal([typeof(SaveCall), typeof(PushPlan), typeof(Reply)], effects.Select(e => e.GetType()));
        Assert.Equal([30000, 30001, 30002, 30003], Ports(machine));
    }

    [Fact]
    public void A_command_waits_for_the_ports_that_are_not_there_only()
    {
        var machine = Offer(new Stock(30000));

        Assert.Single(Assert.IsType<ReservePorts>(Assert.Single(Drain(machine))).Requests);
        machine.Handle(s_now, new PortsReserved([30010]));

        Assert.IsType<Reply>(Drain(machine)[^1]);
        Assert.Equal([30000, 30001, 30010, 30011], Ports(machine));
    }

    [Fact]
    public void When_no_more_ports_come_those_that_came_are_given_back()
    {
        var machine = Offer(new Stock(30000));
        Drain(machine);

        machine.Handle(s_now, new PortsReserved(null));

        var effects = Drain(machine);
        Assert.Equal([30000, 30001], Assert.IsType<ReleasePorts>(effects[0]).Ports.Select(p => (int)p.Port));
        Assert.Equal("Ran out of ports", Assert.IsType<Reply>(effects[1]).Body.Text("error-reason"));
        Assert.Null(machine.State);
    }

    private static CallMachine Offer(IPortSource source)
    {
        var machine = new CallMachine(Requests.Config, new CallId("call"));
        machine.Handle(s_now, Requests.Offer(), Requests.Driver(), source);
        return machine;
    }

    private static List<CallEffect> Drain(CallMachine machine)
    {
        var effects = new List<CallEffect>();
        while (machine.TryGetOutput(out var effect))
        {
            effects.Add(effect);
        }

        return effects;
    }

    private static IEnumerable<int> Ports(CallMachine machine) =>
        machine.State!.Medias().SelectMany(m => new int[] { m.Ports!.Rtp, m.Ports.Rtcp }).Order();

    private sealed class Stock(params ushort[] ports) : IPortSource
    {
        private int _next;

        public bool TryTake(CallId callId, PortRequest request, out ushort first)
        {
            first = _next < ports.Length ? ports[_next++] : (ushort)0;
            return first > 0;
        }
    }
}
