using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Planning;

/// <summary>Turns a call's state into the plan for its media node. Pure; the epoch is the state's version.</summary>
public static class PlanCompiler
{
    /// <summary>Forgets ports that the plan will not name (RTCP, other addresses): its node closes them, a later negotiation needs new ones.</summary>
    public static void ForgetClosedPorts(CallState state)
    {
        foreach (var media in state.Medias())
        {
            if (media.Ports is { Rtcp: > 0 } ports && !media.HasRtcpStream)
            {
                media.Ports = ports.WithoutRtcp();
            }

            if (media is { Ice: null, Ports.More.Length: > 0 })
            {
                media.Ports = media.Ports with { More = [] };
            }
        }
    }

    /// <summary>Compiles the complete plan of a call.</summary>
    public static MediaPlan Compile(CallState state, CallConfig config)
    {
        var streams = new List<StreamPlan>();
        foreach (var media in state.Medias())
        {
            StreamCompiler.Compile(state, media, config, streams);
        }

        return new MediaPlan
        {
            CallId = new CallId(state.CallId),
            Epoch = state.Version,
            Streams = [.. streams],
            DropTraffic = state.DropTraffic,
            LastSignal = state.LastSignal,
            Created = state.Created,
            Mos = config.Mos,
        };
    }
}
