using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>Makes a row of a stream: its plan with what it has learned and where its indices stand.</summary>
internal static class OffloadCompiler
{
    /// <summary>The row of a stream that <see cref="OffloadRules"/> lets go.</summary>
    public static OffloadTarget Compile(StreamRuntime stream)
    {
        bool othersStay = false;
        var types = stream.Kind is StreamKind.Raw or StreamKind.Rtcp ? [] : OffloadTypes.Choose(stream, out othersStay);
        var row = Compile(stream, types);
        return !othersStay ? row : row with { OthersStay = true, Outputs = Array.ConvertAll(row.Outputs, o => WithoutOthers(o, types)) };
    }

    private static OffloadTarget Compile(StreamRuntime stream, OffloadPayloadType[] types) => new()
    {
        CallId = stream.Call.Id,
        Stream = stream.Id,
        Epoch = stream.Call.Plan.Epoch,
        Local = stream.Selected!.Local,
        Kind = stream.Kind,
        Learned = stream.Learner.Learned.IsUsable ? stream.Learner.Learned : stream.Learner.Current,
        Current = stream.Learner.Current,
        Mismatch = OffloadRules.Mismatch(stream),
        DropTraffic = stream.Call.DropTraffic,
        MayNotSend = !stream.Has(StreamFlags.MaySend),
        BlockShort = stream.Has(StreamFlags.BlockShort),
        TakesRtcp = OffloadRules.TakesRtcp(stream),
        IdleSeconds = stream.Plan.IdleSeconds,
        Decrypt = Keys(stream.Inbound),
        PayloadTypes = types,
        Outputs = Outputs(stream),
    };

    /// <summary>Types that come here are renamed here.</summary>
    private static OffloadOutput WithoutOthers(OffloadOutput output, OffloadPayloadType[] types) => output with
    {
        PayloadTypeMaps = Array.FindAll(output.PayloadTypeMaps, map => Array.Exists(types, t => t.Number == map.From)),
    };

    private static OffloadOutput[] Outputs(StreamRuntime stream)
    {
        var outputs = new List<OffloadOutput>(stream.RtpOutputs.Length);
        if (stream.Kind != StreamKind.Rtcp)
        {
            Add(outputs, stream.RtpOutputs, rtcp: false);
        }

        if (OffloadRules.TakesRtcp(stream))
        {
            Add(outputs, Router.RtcpOutputs(stream), rtcp: true);
        }

        return [.. outputs];
    }

    private static void Add(List<OffloadOutput> outputs, Output[] all, bool rtcp)
    {
        foreach (var output in all)
        {
            // What has no port to be sent from cannot be said in a row, and is not sent here either.
            if (output.To.Selected is { } port && !outputs.Any(o => o.To == output.To.Id && o.Rtcp == rtcp))
            {
                outputs.Add(rtcp ? RtcpOutput(output, port) : Output(output, port, OffloadRules.Hold(output)));
            }
        }
    }

    private static OffloadOutput RtcpOutput(Output output, LocalPort port)
    {
        var rtp = Output(output, port, OffloadRules.HoldRtcp(output));
        return rtp with
        {
            Rtcp = true,
            Flags = rtp.Flags & (OutputFlags.StripFeedback | OutputFlags.SrtpPassthrough),
            PayloadTypeMaps = [],
            StripExtensions = [],
        };
    }

    private static OffloadOutput Output(Output output, LocalPort port, DropReason hold)
    {
        var remote = output.To.Learner.Current;
        return new OffloadOutput
        {
            To = output.To.Id,
            Source = port.Local,
            Destination = remote.IsUsable && remote.Address.Family == port.Local.Address.Family ? remote : default,
            Tos = output.To.Tos,
            Hold = hold == DropReason.None && remote.Address.Family != port.Local.Address.Family ? DropReason.NoEndpoint : hold,
            Flags = output.Passes ? output.Flags : output.Flags & ~OutputFlags.SrtpPassthrough,
            Encrypt = Keys(output.To.Outbound),
            PayloadTypeMaps = output.Maps,
            StripExtensions = output.StripExtensions,
        };
    }

    private static OffloadKeys? Keys(SrtpSide? side) => side is null ? null : new OffloadKeys(side.Id, side.Keys, [.. side.Indices()]);
}
