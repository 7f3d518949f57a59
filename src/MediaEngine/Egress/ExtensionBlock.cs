using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>The header extension elements that we write ourselves into what a remote gets: its name of the media, and when we send. RFC 8285.</summary>
internal sealed class ExtensionBlock
{
    private const byte ExtensionBit = 0x10;
    private const ushort OneByteProfile = 0xBEDE;
    private const int MaxOneByteId = 14;
    private const int MaxOneByteData = 16;
    private const int TimeLength = 3;

    private readonly byte[] _short;
    private readonly byte[] _long;
    private readonly bool _hasTime;

    private ExtensionBlock(ExtensionIds ids, ReadOnlySpan<byte> mid)
    {
        _hasTime = ids.SendTime > 0;
        bool isShort = ids.SendTime <= MaxOneByteId && (mid.IsEmpty || (ids.Mid <= MaxOneByteId && mid.Length <= MaxOneByteData));
        _short = isShort ? Elements(ids, mid, oneByte: true) : [];
        _long = Elements(ids, mid, oneByte: false);
    }

    /// <summary>The elements that a stream's remote gets; null: none.</summary>
    public static ExtensionBlock? For(StreamPlan plan)
    {
        var ids = plan.Extensions;
        byte[] mid = ids.Mid > 0 ? System.Text.Encoding.Latin1.GetBytes(plan.Mid) : [];
        return mid.Length == 0 && ids.SendTime == 0 ? null : new ExtensionBlock(ids, mid);
    }

    /// <summary>Adds the elements behind those that a plain packet has; a packet with another kind of extension stays as it is.</summary>
    /// <param name="slot">The packet's buffer.</param>
    /// <param name="length">The packet's bytes; grows.</param>
    /// <param name="payload">Where the payload begins; moves.</param>
    /// <param name="now">The time of sending.</param>
    public void Add(Span<byte> slot, ref int length, ref int payload, Instant now)
    {
        int header = 12 + (4 * (slot[0] & 0x0f));
        bool fresh = (slot[0] & ExtensionBit) == 0;
        ushort profile = fresh ? _short.Length > 0 ? OneByteProfile : (ushort)0x1000 : BinaryPrimitives.ReadUInt16BigEndian(slot[header..]);
        var elements = profile == OneByteProfile ? _short : (profile & 0xfff0) == 0x1000 ? _long : [];
        int growth = elements.Length + (fresh ? 4 : 0);
        if (elements.Length == 0 || length + growth > slot.Length)
        {
            return;
        }

        slot[payload..length].CopyTo(slot[(payload + growth)..]);
        int words = fresh ? 0 : BinaryPrimitives.ReadUInt16BigEndian(slot[(header + 2)..]);
        slot[0] |= ExtensionBit;
        BinaryPrimitives.WriteUInt16BigEndian(slot[header..], profile);
        BinaryPrimitives.WriteUInt16BigEndian(slot[(header + 2)..], (ushort)(words + (elements.Length / 4)));
        var target = slot.Slice(payload + growth - elements.Length, elements.Length);
        elements.CopyTo(target);
        if (_hasTime)
        {
            WriteTime(target[(profile == OneByteProfile ? 1 : 2)..], now);
        }

        length += growth;
        payload += growth;
    }

    /// <summary>Says anew when a packet that was sent before is sent.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="header">Its header.</param>
    /// <param name="id">Id of the time's element; 0: packets have none.</param>
    /// <param name="now">The time of sending.</param>
    public static void SetTime(Span<byte> packet, in RtpHeader header, byte id, Instant now)
    {
        if (id == 0 || !header.HasExtension)
        {
            return;
        }

        foreach (var extension in new RtpExtensions(packet, header))
        {
            if (extension.Id == id && extension.Data.Length == TimeLength)
            {
                WriteTime(packet.Slice(extension.Offset, TimeLength), now);
            }
        }
    }

    /// <summary>abs-send-time: seconds in 6 bits and a fraction in 18.</summary>
    private static void WriteTime(Span<byte> target, Instant now)
    {
        uint time = (uint)((now.Micros % 64_000_000 << 18) / 1_000_000);
        target[0] = (byte)(time >> 16);
        target[1] = (byte)(time >> 8);
        target[2] = (byte)time;
    }

    /// <summary>The elements, padded to words; the time, when there is one, is the first.</summary>
    private static byte[] Elements(ExtensionIds ids, ReadOnlySpan<byte> mid, bool oneByte)
    {
        var bytes = new List<byte>();
        if (ids.SendTime > 0)
        {
            Begin(bytes, ids.SendTime, TimeLength, oneByte);
            bytes.AddRange(new byte[TimeLength]);
        }

        if (!mid.IsEmpty)
        {
            Begin(bytes, ids.Mid, mid.Length, oneByte);
            bytes.AddRange(mid);
        }

        bytes.AddRange(new byte[-bytes.Count & 3]);
        return [.. bytes];
    }

    private static void Begin(List<byte> bytes, byte id, int length, bool oneByte) =>
        bytes.AddRange(oneByte ? [(byte)((id << 4) | (length - 1))] : [id, (byte)length]);
}
