using System.Buffers.Binary;
using System.Globalization;

namespace RtpCluster.Browser.Losses;

/// <summary>How soon lost packets of one payload type came again past the hop where they got lost. One that gets lost again is not good yet.</summary>
internal sealed record LossReport(string Name, int Packets, IReadOnlyList<double> RecoveredMillis, int Never)
{
    private const double InTime = 200;
    private const byte PaddingBit = 0x20;

    /// <summary>Packets that got lost at least once.</summary>
    public int Lost => RecoveredMillis.Count + Never;

    /// <summary>Lost packets that were good within 200 ms, in percent.</summary>
    public double Share => Lost == 0 ? 0 : 100.0 * RecoveredMillis.Count(m => m <= InTime) / Lost;

    /// <summary>Reads what a hop saw in one direction.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="seen">What it saw.</param>
    /// <param name="payloadType">That of the video.</param>
    /// <param name="original">The packet that a retransmission in another stream stands for; null: it is none.</param>
    public static LossReport Read(
        string name, IReadOnlyList<PassingPacket> seen, byte payloadType, Func<PassingPacket, ushort?> original)
    {
        var missing = new Dictionary<ushort, long>();
        var known = new HashSet<ushort>();
        var recovered = new List<double>();
        foreach (var packet in seen)
        {
            // Padding that probes the path carries nothing to repair.
            bool plain = (packet.Bytes[1] & 0x7f) == payloadType && (packet.Bytes[0] & PaddingBit) == 0;
            ushort? stands = plain ? BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes.AsSpan(2)) : packet.IsLost ? null : original(packet);
            if (stands is not { } id)
            {
                continue;
            }

            bool first = plain && packet.Counts && known.Add(id);
            if (first && packet.IsLost)
            {
                missing[id] = packet.Micros;
            }
            else if (!packet.IsLost && missing.Remove(id, out long since))
            {
                recovered.Add((packet.Micros - since) / 1000.0);
            }
        }

        recovered.Sort();
        return new LossReport(name, known.Count, recovered, missing.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Packets} packets, {Lost} lost, {Share:F2} % of them good within {InTime} ms (median {At(0.5):F0}, p99 {At(0.99):F0}, worst {At(1):F0} ms), {Never} never");

    private double At(double quantile) => RecoveredMillis.Count == 0 ? 0 : RecoveredMillis[(int)Math.Min(RecoveredMillis.Count - 1, quantile * RecoveredMillis.Count)];
}
