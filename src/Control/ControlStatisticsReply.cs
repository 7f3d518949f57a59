using System.Globalization;
using RtpCluster.Ng;

namespace RtpCluster.Control;

/// <summary>The counters as the <c>controlstatistics</c> part of a statistics reply.</summary>
public static class ControlStatisticsReply
{
    /// <summary>One dictionary per client with count and duration (seconds, as text) of each verb, then the totals. Every verb has its keys.</summary>
    public static NgDictionary ToReply(this ControlStatistics statistics)
    {
        var clients = statistics.Clients();
        var proxies = new NgList();
        foreach (var client in clients)
        {
            var row = new NgDictionary().Add("proxy", client.Address);
            AddVerbs(row, string.Empty, client.Verbs);
            proxies.Items.Add(row.Add("errorcount", client.Errors));
        }

        var reply = new NgDictionary().Add("proxies", proxies);
        AddVerbs(reply, "total", [.. clients.SelectMany(client => client.Verbs)]);
        return reply.Add("totalerrorcount", clients.Sum(client => client.Errors));
    }

    private static void AddVerbs(NgDictionary row, string prefix, IReadOnlyList<VerbCount> counts)
    {
        foreach (var verb in NgVerbs.All.Skip(1))
        {
            string name = prefix + verb.ShortName.ToLowerInvariant();
            var ofVerb = counts.Where(count => count.Verb == verb.Verb).ToArray();
            double seconds = ofVerb.Sum(count => count.TotalMicros) / 1e6;
            row.Add(name + "count", ofVerb.Sum(count => count.Count));
            row.Add(name + "duration", seconds.ToString("F6", CultureInfo.InvariantCulture));
        }
    }
}
