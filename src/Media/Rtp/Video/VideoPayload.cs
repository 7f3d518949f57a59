using System.Buffers.Binary;

namespace RtpCluster.Media.Rtp.Video;

/// <summary>What forwarding must know of a video payload: whether a decoder can begin with it, and where its running picture numbers are.</summary>
public readonly struct VideoPayload
{
    private const int Idr = 5;
    private const int ParameterSet = 7;
    private const int SingleTimeAggregation = 24;
    private const int Fragment = 28;

    private VideoPayload(bool beginsKeyFrame, int picture = 0, bool isLong = false, int level = 0)
    {
        BeginsKeyFrame = beginsKeyFrame;
        PictureOffset = picture;
        IsLong = isLong;
        LevelOffset = level;
    }

    /// <summary>A key frame begins here: nothing of it comes before this packet.</summary>
    public bool BeginsKeyFrame { get; }

    /// <summary>Where the picture id is in the payload; 0: there is none.</summary>
    public int PictureOffset { get; }

    /// <summary>The picture id has 15 bits, else 7.</summary>
    public bool IsLong { get; }

    /// <summary>Where the index of base layer pictures (TL0PICIDX) is in the payload; 0: there is none.</summary>
    public int LevelOffset { get; }

    /// <summary>Reads a plain payload; a damaged one says nothing.</summary>
    public static VideoPayload Read(VideoCodec codec, ReadOnlySpan<byte> payload) => payload.Length < 2 ? default : codec switch
    {
        VideoCodec.Vp8 => ReadVp8(payload),
        VideoCodec.Vp9 => ReadVp9(payload),
        VideoCodec.H264 => new VideoPayload(BeginsH264(payload)),
        _ => default,
    };

    /// <summary>The picture id.</summary>
    public ushort PictureId(ReadOnlySpan<byte> payload) => !IsLong ? (ushort)(payload[PictureOffset] & 0x7f)
        : (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[PictureOffset..]) & 0x7fff);

    /// <summary>Sets the picture id, in as many bits as it has.</summary>
    public void SetPictureId(Span<byte> payload, ushort id)
    {
        if (IsLong)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[PictureOffset..], (ushort)(0x8000 | id));
        }
        else
        {
            payload[PictureOffset] = (byte)(id & 0x7f);
        }
    }

    /// <summary>RFC 7741 section 4.2.</summary>
    private static VideoPayload ReadVp8(ReadOnlySpan<byte> payload)
    {
        bool beginsFrame = (payload[0] & 0x17) == 0x10;
        if ((payload[0] & 0x80) == 0)
        {
            return new VideoPayload(beginsFrame && (payload[1] & 1) == 0);
        }

        byte fields = payload[1];
        int at = 2;
        int picture = (fields & 0x80) != 0 ? at : 0;
        bool isLong = picture > 0 && payload.Length > at && (payload[at] & 0x80) != 0;
        at += picture == 0 ? 0 : isLong ? 2 : 1;
        int level = (fields & 0x40) != 0 ? at : 0;
        at += (level > 0 ? 1 : 0) + ((fields & 0x30) != 0 ? 1 : 0);
        return at >= payload.Length ? default : new VideoPayload(beginsFrame && (payload[at] & 1) == 0, picture, isLong, level);
    }

    /// <summary>RFC 9628 section 4.2. A key frame begins with the lowest spatial layer.</summary>
    private static VideoPayload ReadVp9(ReadOnlySpan<byte> payload)
    {
        byte bits = payload[0];
        bool predicted = (bits & 0x40) != 0, layered = (bits & 0x20) != 0, flexible = (bits & 0x10) != 0;
        int at = 1;
        int picture = (bits & 0x80) != 0 ? at : 0;
        bool isLong = picture > 0 && (payload[at] & 0x80) != 0;
        at += picture == 0 ? 0 : isLong ? 2 : 1;
        bool lowest = !layered || (payload.Length > at && (payload[at] & 0x0e) == 0);
        int level = layered && !flexible ? at + 1 : 0;
        at += !layered ? 0 : flexible ? 1 : 2;
        bool begins = (bits & 0x08) != 0 && !predicted && lowest;
        return at >= payload.Length ? default : new VideoPayload(begins, picture, isLong, level);
    }

    /// <summary>RFC 6184: a parameter set, alone or first of an aggregate, or the begin of an IDR picture without one.</summary>
    private static bool BeginsH264(ReadOnlySpan<byte> payload)
    {
        int type = payload[0] & 0x1f;
        return type switch
        {
            SingleTimeAggregation => payload.Length > 3 && (payload[3] & 0x1f) is ParameterSet or Idr,
            Fragment => (payload[1] & 0x9f) == (0x80 | Idr),
            _ => type is ParameterSet or Idr,
        };
    }
}
