using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace RtpCluster.Ng.Bencode;

/// <summary>Writes bencode. Keys keep their order: no client needs them sorted.</summary>
internal static class BencodeEncoder
{
    /// <summary>The dictionary's bytes.</summary>
    public static byte[] Encode(NgDictionary dictionary)
    {
        var writer = new ArrayBufferWriter<byte>(1024);
        Write(writer, dictionary);
        return writer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> writer, NgValue value)
    {
        switch (value)
        {
            case NgString text:
                WriteString(writer, text.Text);
                break;
            case NgInteger integer:
                writer.Write("i"u8);
                WriteNumber(writer, integer.Number);
                writer.Write("e"u8);
                break;
            case NgList list:
                writer.Write("l"u8);
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.Write("e"u8);
                break;
            case NgDictionary dictionary:
                writer.Write("d"u8);
                foreach (var (key, item) in dictionary.Entries)
                {
                    WriteString(writer, key);
                    Write(writer, item);
                }

                writer.Write("e"u8);
                break;
        }
    }

    private static void WriteString(ArrayBufferWriter<byte> writer, string text)
    {
        WriteNumber(writer, text.Length);
        writer.Write(":"u8);
        Encoding.Latin1.GetBytes(text, writer);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> writer, long number)
    {
        Utf8Formatter.TryFormat(number, writer.GetSpan(20), out int written);
        writer.Advance(written);
    }
}
