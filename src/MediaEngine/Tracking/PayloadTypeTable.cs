using RtpCluster.Contracts;
using RtpCluster.Media.Rtp.Video;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>What is known and counted of one payload type of a stream.</summary>
internal struct PayloadTypeEntry
{
    public byte Number;
    public bool Planned;
    public bool IsDtmf;
    public bool FullBand;
    public VideoCodec Video;
    public short SilenceByte;
    public int ClockRate;
    public int NominalBytes;
    public long Packets;
    public long Bytes;
}

/// <summary>The payload types of a stream: those of its plan, and others as they come. At most 128, found by one array access.</summary>
internal sealed class PayloadTypeTable
{
    private readonly byte[] _slots = new byte[128];
    private PayloadTypeEntry[] _entries = new PayloadTypeEntry[4];
    private int _count;

    /// <summary>The entries, planned ones first.</summary>
    public ReadOnlySpan<PayloadTypeEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>The entry of a payload type; made when it is new.</summary>
    public ref PayloadTypeEntry this[byte number]
    {
        get
        {
            int slot = _slots[number & 127];
            return ref slot != 0 ? ref _entries[slot - 1] : ref Add(number);
        }
    }

    /// <summary>Takes a plan's data over; counters stay.</summary>
    public void Update(PayloadTypePlan[] plans)
    {
        foreach (ref var entry in _entries.AsSpan(0, _count))
        {
            entry = new PayloadTypeEntry { Number = entry.Number, SilenceByte = -1, Packets = entry.Packets, Bytes = entry.Bytes };
        }

        foreach (var plan in plans)
        {
            ref var entry = ref this[plan.Number];
            entry.Planned = true;
            entry.IsDtmf = string.Equals(plan.Name, "telephone-event", StringComparison.OrdinalIgnoreCase);
            entry.FullBand = plan.FullBand;
            entry.SilenceByte = plan.SilenceByte;
            entry.ClockRate = plan.ClockRate;
            entry.Video = VideoCodecs.Of(plan.Name);
            entry.NominalBytes = plan.NominalBytes;
        }
    }

    private ref PayloadTypeEntry Add(byte number)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _slots[number & 127] = (byte)(_count + 1);
        ref var entry = ref _entries[_count++];
        entry = new PayloadTypeEntry { Number = (byte)(number & 127), SilenceByte = -1 };
        return ref entry;
    }
}
