using System.Diagnostics;
using RtpCluster.Drills.Sip;

namespace RtpCluster.Drills;

/// <summary>
/// As the drills beside it, with a real Kamailio in front of the nodes and SIPp's phones calling through it: what counts is what Kamailio sees when its own
/// retries are over, and that no phone sees a call fail.
/// </summary>
public sealed class KamailioDrills
{
    private const int PerSecond = 20;
    private static readonly DrillSetup s_setup = new() { NewCalls = drill => SipLoad.StartAsync(drill, null, PerSecond) };

    private static readonly DrillSetup s_mediaElsewhere = new()
    {
        Interface = ClusterLab.PublicInterface,
        NewCalls = drill => SipLoad.StartAsync(drill, ClusterLab.PublicInterface, PerSecond),
    };

    // On a machine that is not for drills: patient nodes, few calls, and no limit but that nothing fails.
    private static readonly DrillSetup s_short = new()
    {
        Interface = ClusterLab.PublicInterface,
        Options = static _ => ["--cluster-probe=500", "--cluster-shard-lease=5000", "--cluster-member-lease=5000"],
        NewCalls = drill => SipLoad.StartAsync(drill, ClusterLab.PublicInterface, perSecond: 4),
    };

    [Fact]
    [Trait("Run", "short")]
    public Task Kamailio_notices_neither() => Drill.RunAsync("Kamailio, short", new(Lost: null), async drill =>
    {
        await Drill.TalkAsync(2);
        drill.Lab.Signal(1, "KILL");
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 2, 1);
        await drill.ReadyAsync();
        drill.Lab.KillHost(2);
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 1);
        await Drill.TalkAsync(4);
    }, s_short);

    [Fact]
    public Task Kamailio_does_not_notice_an_owner_that_dies() => Drill.RunAsync("Kamailio, owner killed", new(TimeSpan.FromSeconds(2)), async drill =>
    {
        await Drill.TalkAsync(3);
        drill.Lab.KillHost(2);
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 1);
        await Drill.TalkAsync(6);
    }, s_mediaElsewhere);

    [Fact]
    public Task Kamailio_does_not_notice_a_control_process_that_dies() => Drill.RunAsync("Kamailio, control process killed", new(), async drill =>
    {
        await Drill.TalkAsync(3);
        drill.Lab.Signal(1, "KILL");
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 2, 1);
        await drill.ReadyAsync();
        await Drill.TalkAsync(4);
    }, s_setup);

    [Fact]
    public Task Kamailio_does_not_notice_a_rolling_restart() => Drill.RunAsync("Kamailio, rolling restart", new(), async drill =>
    {
        await drill.RestartAllAsync();
        await Drill.TalkAsync(3);
    }, s_setup);
}
