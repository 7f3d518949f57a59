using System.Globalization;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Sip;

namespace RtpCluster.Netns.Kamailio;

/// <summary>Kamailio in front of a node, and SIPp phones on both sides, in one lab.</summary>
internal sealed class SipCalls : IDisposable
{
    private readonly Lab _lab;
    private readonly KamailioProxy _kamailio;

    public SipCalls(Lab lab)
    {
        _lab = lab;
        _kamailio = new KamailioProxy(lab.Node, lab.Folder, new(Lab.NodeV4, Lab.CalleeV4, "127.0.0.1"));
    }

    /// <summary>What Kamailio logged.</summary>
    public string Log => _kamailio.Log;

    /// <summary>The proxy answers once this holds.</summary>
    public bool Ready => _kamailio.Ready;

    /// <summary>Starts SIPp on a phone's host. Each call takes the next RTP port from <paramref name="firstPort"/> in steps of two.</summary>
    public ChildProcess Phone(NetworkNamespace host, string address, string scenario, int calls, int sipPort, int firstPort, string events, int rate = 10)
    {
        string ports = Path.Combine(_lab.Folder, $"ports-{events}-{firstPort}.csv");
        File.WriteAllLines(ports, ["SEQUENTIAL", .. Enumerable.Range(0, calls).Select(i => (firstPort + (2 * i)).ToString(CultureInfo.InvariantCulture))]);
        string[] target = scenario.StartsWith("caller", StringComparison.Ordinal) ? [$"{Lab.NodeV4}:5060"] : [];
        return Sipp.Start(host, Source(scenario), address, sipPort, [
            "-inf", ports, "-m", calls.ToString(CultureInfo.InvariantCulture), "-r", rate.ToString(CultureInfo.InvariantCulture),
            "-timeout", "60s", "-key", "events", Events(events), .. target,
        ]);
    }

    /// <summary>What the phones told so far: event, call-id, own port, media address and port that they were given.</summary>
    public IReadOnlyList<PhoneEvent> Read(string events) =>
        File.Exists(Events(events))
            ? [.. File.ReadAllLines(Events(events)).Select(line => line.Split(' ')).Where(w => w.Length >= 5).Select(PhoneEvent.Parse)]
            : [];

    public void Dispose() => _kamailio.Dispose();

    private string Events(string name) => Path.Combine(_lab.Folder, name + ".events");

    private static string Source(string file) => Path.Combine(AppContext.BaseDirectory, "Kamailio", file);
}

/// <summary>A line that a SIPp scenario wrote.</summary>
internal sealed record PhoneEvent(string Name, string CallId, int OwnPort, string Address, int Port)
{
    public static PhoneEvent Parse(string[] words) => new(
        words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture), words[3], int.Parse(words[4], CultureInfo.InvariantCulture));
}
