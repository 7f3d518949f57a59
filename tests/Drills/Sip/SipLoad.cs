using System.Globalization;
using RtpCluster.Drills.Load;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Sip;

namespace RtpCluster.Drills.Sip;

/// <summary>
/// New calls at a steady rate from SIPp to SIPp through Kamailio, which knows all nodes as one set: INVITE, re-INVITE, BYE. Disposing lets those that run
/// come to their end and notes every command in the history as Kamailio saw it, its retries over.
/// </summary>
public sealed class SipLoad : IAsyncDisposable
{
    private const string Callers = "10.77.0.101", Callees = "10.77.0.102";
    private const int Port = 5060, Children = 64, Shown = 20;

    // As docs/cluster.md recommends.
    private static readonly (string Name, int Value)[] s_settings =
        [("rtpengine_tout_ms", 500), ("rtpengine_retr", 5), ("rtpengine_disable_tout", 30)];

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);
    private readonly Drill _drill;
    private readonly string _folder;
    private readonly KamailioProxy _kamailio;
    private readonly ChildProcess _callee;
    private readonly ChildProcess _caller;

    private SipLoad(Drill drill, string folder, KamailioProxy kamailio, int perSecond)
    {
        _drill = drill;
        _folder = folder;
        _kamailio = kamailio;
        _callee = Phone("callee.xml", Callees);
        _caller = Phone("caller.xml", Callers, "-r", perSecond.ToString(CultureInfo.InvariantCulture), "-l", "400", $"{Phones.Host}:{Port}");
    }

    /// <summary>Starts Kamailio and the phones on the phones' host.</summary>
    /// <param name="drill">The round.</param>
    /// <param name="mediaInterface">Logical interface of the calls; null: the default one.</param>
    /// <param name="perSecond">New calls a second.</param>
    public static async Task<IAsyncDisposable> StartAsync(Drill drill, string? mediaInterface, int perSecond)
    {
        var lab = drill.Lab;
        lab.Phones.Up("e0", Callers + "/24", Callees + "/24");
        string folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "sip")).FullName;
        var kamailio = new KamailioProxy(lab.Phones, folder, new(Phones.Host, Callees, [.. Enumerable.Range(0, ClusterLab.Nodes).Select(ClusterLab.Address)])
        {
            Children = Children,
            Settings = s_settings,
            Flags = mediaInterface is null ? string.Empty : "interface=" + mediaInterface,
        });
        await Eventually.HoldsAsync(() => kamailio.Ready, TimeSpan.FromSeconds(20), () => kamailio.Log);
        return new SipLoad(drill, folder, kamailio, perSecond);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // SIPp ends when the calls that run have.
        _caller.Signal("USR1");
        try
        {
            await Task.Run(() => _caller.WaitForExit(s_limit));
            _drill.Demand(_caller.ExitCode == 0, "SIPp saw calls fail");
        }
        catch (TimeoutException)
        {
            _drill.Demand(false, "SIPp's calls do not end");
        }

        _callee.Dispose();
        _caller.Dispose();
        _kamailio.Dispose();
        var commands = _kamailio.Commands();
        _drill.Demand(commands.Count > 0, "Kamailio sent no command");
        foreach (var (method, callId, ok) in commands)
        {
            _drill.History.Note(callId, "Kamailio " + method, ok);
        }

        _drill.AddLog("kamailio.log", _kamailio.Log);
        _drill.AddLog("sipp.log", Failures());
    }

    private ChildProcess Phone(string scenario, string address, params string[] more) => Sipp.Start(
        _drill.Lab.Phones, Path.Combine(AppContext.BaseDirectory, "Sip", scenario), address, Port, ["-trace_err", "-error_file", Errors(scenario), .. more]);

    private string Errors(string scenario) => Path.Combine(_folder, scenario + ".errors");

    private string Failures() => string.Join('\n', new[] { "caller.xml", "callee.xml" }.Select(Errors).Where(File.Exists).SelectMany(File.ReadLines)
        .Where(line => line.Contains("bort", StringComparison.Ordinal)).Take(Shown));
}
