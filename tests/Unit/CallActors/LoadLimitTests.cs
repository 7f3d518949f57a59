using RtpCluster.Ng;

namespace RtpCluster.Unit.CallActors;

public sealed class LoadLimitTests
{
    [Theory]
    [InlineData("sessions", "Parallel session limit reached")]
    [InlineData("load", "Load limit exceeded")]
    [InlineData("cpu", "CPU usage limit exceeded")]
    [InlineData("bandwidth", "Bandwidth limit exceeded")]
    public async Task A_new_call_above_a_limit_is_refused_and_counted(string which, string message)
    {
        var node = new Node();
        switch (which)
        {
            case "sessions":
                node.Limits.MaxSessions = 0;
                break;
            case "load":
                (node.Limits.MaxLoad, node.Load) = (2, 2.5);
                break;
            case "cpu":
                (node.Limits.MaxCpu, node.Cpu) = (75, 80);
                break;
            default:
                (node.Limits.MaxBandwidth, node.Bandwidth) = (1000, 1001);
                break;
        }

        var reply = await node.OfferAsync(supportsLoadLimit: true);
        Assert.Equal("load limit", Node.Result(reply));
        Assert.Equal(new NgString(message), reply["message"]);

        // Clients without "supports: load limit" know the literal error alone.
        Assert.Equal(NgErrors.SessionLimit, Node.Reason(await node.OfferAsync()));
        Assert.Equal(2, node.Registry.Host.Sessions.Read().Rejected);
    }

    [Fact]
    public async Task A_running_call_is_never_limited()
    {
        var node = new Node();
        await node.OfferAsync();
        node.Limits.MaxSessions = 1;
        Assert.Equal("ok", Node.Result(await node.AnswerAsync()));
        Assert.Equal("ok", Node.Result(await node.OfferAsync()));
        Assert.Equal("error", Node.Result(await node.OfferAsync("next")));
    }
}
