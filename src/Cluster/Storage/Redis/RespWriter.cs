using System.Buffers;
using System.Globalization;
using System.Text;

namespace RtpCluster.Cluster.Storage;

/// <summary>One word of a Redis command: text (one byte a char) or bytes.</summary>
internal readonly struct RespWord
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;

    private RespWord(string? text, ReadOnlyMemory<byte> bytes)
    {
        _text = text;
        _bytes = bytes;
    }

    public static implicit operator RespWord(string text) => new(text, default);

    public static implicit operator RespWord(long number) => new(number.ToString(CultureInfo.InvariantCulture), default);

    public static implicit operator RespWord(ReadOnlyMemory<byte> bytes) => new(null, bytes);

    public static implicit operator RespWord(byte[] bytes) => new(null, bytes);

    /// <summary>Appends a whole command.</summary>
    public static void Write(ArrayBufferWriter<byte> target, ReadOnlySpan<RespWord> words)
    {
        Head(target, '*', words.Length);
        foreach (var word in words)
        {
            word.Write(target);
        }
    }

    private void Write(ArrayBufferWriter<byte> target)
    {
        int length = _text?.Length ?? _bytes.Length;
        Head(target, '$', length);
        var room = target.GetSpan(length + 2);
        if (_text is null)
        {
            _bytes.Span.CopyTo(room);
        }
        else
        {
            Encoding.Latin1.GetBytes(_text, room);
        }

        room[length] = (byte)'\r';
        room[length + 1] = (byte)'\n';
        target.Advance(length + 2);
    }

    private static void Head(ArrayBufferWriter<byte> target, char kind, int number)
    {
        var room = target.GetSpan(16);
        room[0] = (byte)kind;
        _ = number.TryFormat(room[1..], out int digits, default, CultureInfo.InvariantCulture);
        room[digits + 1] = (byte)'\r';
        room[digits + 2] = (byte)'\n';
        target.Advance(digits + 3);
    }
}
