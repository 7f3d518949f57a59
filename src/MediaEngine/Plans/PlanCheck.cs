using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Plans;

/// <summary>Refuses a plan that could not be put in force whole, before anything of the call has changed.</summary>
internal static class PlanCheck
{
    /// <summary>Checks a plan.</summary>
    /// <exception cref="ArgumentException">It names a stream or a port twice, or keys that do not fit their suite.</exception>
    public static void Require(MediaPlan plan)
    {
        var ids = new HashSet<StreamId>();
        var ports = new HashSet<NetEndpoint>();
        foreach (var stream in plan.Streams)
        {
            if (!ids.Add(stream.Id))
            {
                throw new ArgumentException($"stream {stream.Id} is there twice", nameof(plan));
            }

            foreach (var local in stream.Locals)
            {
                if (!ports.Add(local))
                {
                    throw new ArgumentException($"port {local} is there twice", nameof(plan));
                }
            }

            Require(stream.Id, stream.Decrypt);
            Require(stream.Id, stream.Encrypt);
        }
    }

    private static void Require(StreamId stream, SrtpKeys? keys)
    {
        if (keys is null)
        {
            return;
        }

        if (!Enum.IsDefined(keys.Suite) || keys.Suite == SrtpSuite.None)
        {
            throw new ArgumentException($"stream {stream} has keys of no suite", nameof(keys));
        }

        var info = SrtpSuiteInfo.Of(keys.Suite);
        if (keys.MasterKey.Length != info.KeyLength || keys.MasterSalt.Length != info.SaltLength)
        {
            throw new ArgumentException($"stream {stream} has keys of the wrong length for {info.Name}", nameof(keys));
        }
    }
}
