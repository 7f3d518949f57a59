using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>Which payload types a row takes, and which come here although their stream has one. Pure.</summary>
internal static class OffloadTypes
{
    /// <summary>A type with so many packets is worth a place in the row; until then its packets may as well come here.</summary>
    public const int BusyPackets = 100;

    /// <summary>
    /// The payload types of a row, by number. What a publisher sends again in a stream of its own comes here: it is not for its receivers. Of more types than
    /// a row has room for it takes the most used ones.
    /// </summary>
    /// <param name="stream">Whose.</param>
    /// <param name="othersStay">The row does not know all that have a meaning: what is not in it comes here.</param>
    public static OffloadPayloadType[] Choose(StreamRuntime stream, out bool othersStay)
    {
        var repairs = stream.Leg?.Plan.RepairTypes ?? [];
        var entries = stream.Types.Entries.ToArray().Where(e => !Array.Exists(repairs, r => r.From == e.Number)).ToArray();
        int room = Math.Max(0, OffloadRules.MaxPayloadTypes - repairs.Length);
        int worth = HandlesHere(stream) ? BusyPackets : 1;
        var planned = Array.FindAll(entries, e => e.Planned);
        othersStay = planned.Length > room;
        var taken = othersStay ? entries.OrderByDescending(e => e.Packets / worth).Take(room) : planned;
        var types = taken.Select(e => new OffloadPayloadType(e.Number, e.IsDtmf ? 0 : e.ClockRate, e.SilenceByte, e.NominalBytes, e.IsDtmf))
            .Concat(repairs.Select(r => new OffloadPayloadType(r.From, 0, -1, 0, IsDtmf: false, ComesHere: true)));
        return [.. types.OrderBy(t => t.Number)];
    }

    /// <summary>
    /// Payload types (a bit each) whose packets are handled here while the row has the rest. Others that come here bring their stream back first: those of receivers
    /// with keys, because the indices of one SSRC can only be counted in one place, and those of a sender whose lost packets are asked for.
    /// </summary>
    public static UInt128 Staying(StreamRuntime stream)
    {
        UInt128 here = 0, known = 0;
        var types = Choose(stream, out bool othersStay);
        foreach (var type in types)
        {
            known |= UInt128.One << type.Number;
            here |= type.ComesHere ? UInt128.One << type.Number : 0;
        }

        return othersStay && HandlesHere(stream) ? here | ~known : here;
    }

    private static bool HandlesHere(StreamRuntime stream) =>
        stream.Leg is null && Array.TrueForAll(stream.RtpOutputs, o => o.To.Outbound is null || o.Passes);
}
