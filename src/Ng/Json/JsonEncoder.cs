using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace RtpCluster.Ng.Json;

/// <summary>Writes JSON. A byte string that is valid UTF-8 is written as that text, any other as Latin-1.</summary>
internal static class JsonEncoder
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The object's bytes.</summary>
    public static byte[] Encode(NgDictionary dictionary)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, dictionary);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, NgValue value)
    {
        switch (value)
        {
            case NgString text:
                WriteText(writer, text.Text);
                break;
            case NgInteger integer:
                writer.WriteNumberValue(integer.Number);
                break;
            case NgList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case NgDictionary dictionary:
                writer.WriteStartObject();
                foreach (var (key, item) in dictionary.Entries)
                {
                    WriteKey(writer, key);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            writer.WriteStringValue(text);
            return;
        }

        var bytes = NgCodec.ToBytes(text);
        if (Utf8.IsValid(bytes))
        {
            writer.WriteStringValue(bytes);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static void WriteKey(Utf8JsonWriter writer, string key)
    {
        var bytes = NgCodec.ToBytes(key);
        if (Utf8.IsValid(bytes))
        {
            writer.WritePropertyName(bytes);
        }
        else
        {
            writer.WritePropertyName(key);
        }
    }
}
