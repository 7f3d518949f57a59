using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>Goes on with a row that an earlier process left in the table.</summary>
internal static class OffloadAdoption
{
    /// <summary>
    /// Takes over what the row knows: where its remote and its receivers are, and its indices. Null: it does not belong to the plan in force
    /// (another epoch, other keys) and has to go.
    /// </summary>
    public static OffloadRow? TryResume(CallRuntime call, OffloadLegacy legacy)
    {
        var stream = call.Find(legacy.Stream);
        int local = stream is null ? -1 : Array.FindIndex(stream.Locals, l => l.Local == legacy.Local);
        if (stream is null || local < 0 || stream.Offload is not null || legacy.Epoch != call.Plan.Epoch || !KnowsKeys(call, stream, legacy))
        {
            return null;
        }

        stream.SelectedLocal = local;
        stream.Learner.Resume(legacy.Learned, legacy.Current);
        stream.Heard = true;
        foreach (var (to, destination) in legacy.Destinations)
        {
            if (call.Find(to) is { } receiver && !receiver.Learner.Confirmed)
            {
                receiver.Learner.SendTo(destination);
            }
        }

        return new OffloadRow(legacy.Local, legacy.Fingerprint, default);
    }

    private static bool KnowsKeys(CallRuntime call, StreamRuntime stream, OffloadLegacy legacy)
    {
        foreach (var index in legacy.Report.Indices)
        {
            bool known = index.State.Outbound
                ? call.Sides.Exists(s => s.Outbound && s.Id == index.KeysId)
                : stream.Inbound?.Id == index.KeysId;
            if (!known)
            {
                return false;
            }
        }

        return true;
    }
}
