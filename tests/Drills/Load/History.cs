using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace RtpCluster.Drills.Load;

/// <summary>Every command of a drill, when it was sent and what came back, and the checks over all of it. Safe for concurrent use.</summary>
public sealed partial class History
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>Commands so far.</summary>
    public int Count => _entries.Count;

    /// <summary>Commands without an answer, or refused.</summary>
    public int Failed => _entries.Count(e => e is { Ended: > 0, Ok: false });

    /// <summary>What the first of those were told.</summary>
    public IEnumerable<string> Failures => _entries.Where(e => e is { Ended: > 0, Ok: false }).Take(5)
        .Select(e => $"{e.Command} of {e.CallId}: {e.Reply ?? "no answer"}");

    /// <summary>A line for each command: when it was sent, how long it took, what came back.</summary>
    public IEnumerable<string> Lines => _entries.Select(e => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow - Stopwatch.GetElapsedTime(e.Began):HH:mm:ss.fff} {Stopwatch.GetElapsedTime(e.Began, e.Ended).TotalMilliseconds,6:0} ms {e.Command} {e.CallId} {(e.Ok ? "ok" : "failed")} {e.Local}"));

    /// <summary>A command goes out.</summary>
    public Entry Begin(string callId, string command)
    {
        var entry = new Entry(callId, command) { Began = Stopwatch.GetTimestamp() };
        _entries.Enqueue(entry);
        return entry;
    }

    /// <summary>Its answer; null: none.</summary>
    public void End(Entry entry, string? reply)
    {
        entry.Reply = reply;
        entry.Ok = reply?.Contains("6:result2:ok", StringComparison.Ordinal) == true;
        entry.Local = entry.Ok && WatchedCall.TryEndpointOf(reply!, out var local) ? local : null;
        entry.Ended = Stopwatch.GetTimestamp();
    }

    /// <summary>Notes a command that somebody else sent.</summary>
    public void Note(string callId, string command, bool ok) => _entries.Enqueue(new(callId, command) { Began = 1, Ended = 1, Ok = ok, Reply = ok ? null : "failed" });

    /// <summary>Forgets a failure that was to be: for questions whose answer is an error.</summary>
    public static void Expect(Entry entry) => entry.Ok = true;

    /// <summary>What is wrong with the history: ports of two calls at once, calls that moved, two owners under one epoch.</summary>
    /// <param name="logs">The logs of all node processes; empty: the store forgot its epochs, and incarnations told the owners apart.</param>
    public List<string> Check(IEnumerable<string> logs)
    {
        var wrong = new List<string>();
        CheckPorts(wrong);
        var owners = new Dictionary<(string Shard, string Epoch), string>();
        foreach (string log in logs)
        {
            foreach (Match served in Served().Matches(log))
            {
                string incarnation = served.Groups[3].Value;
                var key = (served.Groups[1].Value, served.Groups[2].Value);
                if (!owners.TryAdd(key, incarnation) && owners[key] != incarnation)
                {
                    wrong.Add($"shard {key.Item1} had two owners under epoch {key.Item2}");
                }
            }
        }

        return wrong;
    }

    private void CheckPorts(List<string> wrong)
    {
        var uses = new Dictionary<IPEndPoint, List<(string CallId, long From, long To)>>();
        foreach (var call in _entries.Where(e => e.Ended > 0).GroupBy(e => e.CallId))
        {
            // From the first answer that named the port to the moment when its end was asked for.
            long to = call.Where(e => e.Command == "delete").Select(e => e.Began).DefaultIfEmpty(long.MaxValue).Min();
            foreach (var local in call.Where(e => e.Local is not null && e.Began < to).GroupBy(e => e.Local!))
            {
                uses.TryAdd(local.Key, []);
                uses[local.Key].Add((call.Key, local.Min(e => e.Ended), to));
            }

            foreach (var verb in call.Where(e => e.Local is not null).GroupBy(e => e.Command).Where(v => v.Select(e => e.Local).Distinct().Count() > 1))
            {
                wrong.Add($"{call.Key}: {verb.Key} was answered {string.Join(" and ", verb.Select(e => e.Local).Distinct())}");
            }
        }

        foreach (var (local, calls) in uses)
        {
            calls.Sort((a, b) => a.From.CompareTo(b.From));
            for (int i = 1; i < calls.Count; i++)
            {
                if (calls[i].From < calls[i - 1].To)
                {
                    wrong.Add($"{local} was given to {calls[i - 1].CallId} and {calls[i].CallId} at once");
                }
            }
        }
    }

    [GeneratedRegex(@"shard (\d+) served under token (\d+)\.(\d+)")]
    private static partial Regex Served();

    /// <summary>A command.</summary>
    public sealed class Entry(string callId, string command)
    {
        public string CallId { get; } = callId;

        public string Command { get; } = command;

        public long Began { get; init; }

        /// <summary>When its answer came; 0: it runs.</summary>
        public long Ended { get; set; }

        public bool Ok { get; set; }

        public string? Reply { get; set; }

        /// <summary>The media address that the answer named; null: none.</summary>
        public IPEndPoint? Local { get; set; }
    }
}
