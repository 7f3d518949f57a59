using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>What the bytes at hand are.</summary>
internal enum FrameOutcome
{
    /// <summary>The beginning of a frame, or nothing.</summary>
    More,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>No frame: what follows cannot be understood either.</summary>
    Damaged,
}

/// <summary>
/// A request or an answer on a stream between two nodes: length of what follows (4 bytes, big-endian), number of the request (4), a code (1: what is
/// asked, or how it was taken), protobuf.
/// </summary>
/// <param name="Id">Number of the request within its stream.</param>
/// <param name="Code">A request: <see cref="PeerRows"/>' kind. An answer: <see cref="Answered"/> or <see cref="Refused"/>.</param>
/// <param name="Body">The message; valid until the bytes it was read from are given back.</param>
internal readonly record struct PeerFrame(uint Id, byte Code, ReadOnlySequence<byte> Body)
{
    /// <summary>Longest frame with its header, bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Codes of answers.</summary>
    public const byte Answered = 0, Refused = 1;

    private const int LengthBytes = 4, HeaderBytes = 9;

    /// <summary>Takes the frame at the start of <paramref name="bytes"/> off them.</summary>
    public static FrameOutcome TryRead(ref ReadOnlySequence<byte> bytes, out PeerFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[HeaderBytes];
        int known = (int)Math.Min(bytes.Length, HeaderBytes);
        bytes.Slice(0, known).CopyTo(header);
        if (known < LengthBytes)
        {
            return FrameOutcome.More;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length is < HeaderBytes - LengthBytes or > MaxBytes - LengthBytes)
        {
            return FrameOutcome.Damaged;
        }

        if (bytes.Length < LengthBytes + length)
        {
            return FrameOutcome.More;
        }

        frame = new(BinaryPrimitives.ReadUInt32BigEndian(header[LengthBytes..]), header[HeaderBytes - 1], bytes.Slice(HeaderBytes, length + LengthBytes - HeaderBytes));
        bytes = bytes.Slice(LengthBytes + length);
        return FrameOutcome.Frame;
    }

    /// <summary>Appends a frame; false: it would be too long.</summary>
    /// <param name="output">Where.</param>
    /// <param name="id">Number of the request.</param>
    /// <param name="code">Its code.</param>
    /// <param name="message">The message; null: none.</param>
    public static bool TryWrite(IBufferWriter<byte> output, uint id, byte code, IMessage? message)
    {
        int size = message?.CalculateSize() ?? 0;
        if (size > MaxBytes - HeaderBytes)
        {
            return false;
        }

        var span = output.GetSpan(HeaderBytes + size)[..(HeaderBytes + size)];
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)(HeaderBytes - LengthBytes + size));
        BinaryPrimitives.WriteUInt32BigEndian(span[LengthBytes..], id);
        span[HeaderBytes - 1] = code;
        message?.WriteTo(span[HeaderBytes..]);
        output.Advance(span.Length);
        return true;
    }
}
