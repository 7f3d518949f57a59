namespace RtpCluster.TestKit.ArchitectureRules;

/// <summary>The layers of docs/architecture.md, as a table.</summary>
public static class Layers
{
    /// <summary>Shells and the composition root: sockets, files, tasks.</summary>
    public const int Shell = 3;

    private static readonly Dictionary<string, int> Level = new()
    {
        ["Contracts"] = 0,
        ["Ng"] = 1,
        ["Sdp"] = 1,
        ["Media"] = 1,
        ["CallModel"] = 2,
        ["MediaEngine"] = 2,
        ["Control"] = Shell,
        ["CallActors"] = Shell,
        ["NodeAgent"] = Shell,
        ["Cluster"] = Shell,
        ["Telemetry"] = Shell,
        ["Server"] = 4,
    };

    /// <summary>References that go down a layer and are forbidden all the same.</summary>
    private static readonly (string From, string To, string Why)[] Forbidden =
    [
        ("MediaEngine", "Ng", "the packet plane knows no signalling"),
        ("MediaEngine", "Sdp", "the packet plane knows no SDP"),
        ("NodeAgent", "CallModel", "a media node knows plans, not calls"),
        ("NodeAgent", "Sdp", "a media node knows plans, not SDP"),
        ("Control", "CallModel", "listeners hand commands on and know no calls"),
        ("CallActors", "MediaEngine", "a call reaches its media through IMediaNode only"),
    ];

    /// <summary>The layer of a project; null: the table does not know it.</summary>
    public static int? Of(string project) => Level.TryGetValue(project, out int level) ? level : null;

    /// <summary>Why a reference breaks the laws; null: it does not.</summary>
    public static string? Breaks(string from, string to)
    {
        if (Of(from) is not { } upper || Of(to) is not { } lower)
        {
            return "a project without a layer: add it to the table and to docs/architecture.md";
        }

        if (lower > upper)
        {
            return "references only point down";
        }

        if (lower == upper)
        {
            return upper == Shell ? "shells meet in Contracts, never each other" : "projects of one layer do not know each other";
        }

        return Forbidden.Where(row => row.From == from && row.To == to).Select(row => row.Why).FirstOrDefault();
    }
}
