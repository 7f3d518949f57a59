using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Plans;

/// <summary>Joins streams that share one port: BUNDLE, RFC 8843.</summary>
internal static class Bundler
{
    /// <summary>Gives each owner of a bundle the table that tells its packets apart.</summary>
    public static void JoinMedia(CallRuntime call)
    {
        foreach (var owner in call.Streams.Values)
        {
            var members = call.Streams.Values.Where(s => s.Transport == owner && s != owner).OrderBy(s => s.Id.Value).ToArray();
            if (members.Length == 0)
            {
                owner.Bundle = null;
                continue;
            }

            // Payload types of several medias are the owner's, unless the MID says otherwise.
            var table = new BundleTable(owner.Plan.Extensions.Mid);
            table.Add(owner, byPayloadType: true);
            Array.ForEach(members, m => table.Add(m, byPayloadType: true));
            table.Learn(owner.Bundle);
            owner.Bundle = table;
        }
    }

    /// <summary>RTCP of a bundle may be about any of its streams, so it goes wherever one of them goes, once to each place.</summary>
    public static void JoinReports(CallRuntime call)
    {
        foreach (var owner in call.Streams.Values)
        {
            if (owner.Bundle is null)
            {
                continue;
            }

            var all = new List<Output>();
            foreach (var output in call.Streams.Values.Where(s => s.Transport == owner).SelectMany(s => s.RtcpOutputs))
            {
                if (!all.Exists(o => o.To.Transport == output.To.Transport))
                {
                    all.Add(output);
                }
            }

            owner.RtcpOutputs = [.. all];
        }
    }
}
