using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Plans;

/// <summary>Joins streams that share one port: BUNDLE, RFC 8843. Payload types tell their packets apart (section 9.2, the last of its ways).</summary>
internal static class Bundler
{
    private const int PayloadTypes = 128;

    /// <summary>Tells each owner of a bundle whose payload types are whose.</summary>
    public static void JoinMedia(CallRuntime call)
    {
        foreach (var stream in call.Streams.Values)
        {
            if (stream.Transport == stream)
            {
                continue;
            }

            var map = stream.Transport.ByPayloadType ??= new StreamRuntime?[PayloadTypes];
            foreach (var type in stream.Plan.PayloadTypes)
            {
                if (stream.Transport.Plan.PayloadTypes.Any(own => own.Number == type.Number))
                {
                    continue; // ambiguous: the owner's
                }

                map[type.Number & (PayloadTypes - 1)] ??= stream;
            }
        }
    }

    /// <summary>RTCP of a bundle may be about any of its streams, so it goes wherever one of them goes, once to each place.</summary>
    public static void JoinReports(CallRuntime call)
    {
        foreach (var owner in call.Streams.Values)
        {
            if (owner.ByPayloadType is null)
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
