using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RtpCluster.Ng.Json;

/// <summary>
/// Reads a JSON object. UTF-8 text becomes a byte string (each UTF-8 byte one char). true and false become 1 and 0, a number that is no
/// 64-bit integer keeps its text, and null counts as not given.
/// </summary>
internal static class JsonDecoder
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = NgCodec.MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Decodes one object; false when the text is not exactly one.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> json, out NgDictionary dictionary)
    {
        dictionary = new NgDictionary();
        try
        {
            var reader = new Utf8JsonReader(JsonControlEscaper.Escape(json), Options);
            int values = 0;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            dictionary = ReadObject(ref reader, ref values);
            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate or invalid UTF-8 inside a string.
            dictionary = new NgDictionary();
            return false;
        }
    }

    private static NgDictionary ReadObject(ref Utf8JsonReader reader, ref int values)
    {
        var dictionary = new NgDictionary();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = ReadText(ref reader);
            reader.Read();
            if (ReadValue(ref reader, ref values) is { } value)
            {
                dictionary.Add(key, value);
            }
        }

        return dictionary;
    }

    private static NgList ReadArray(ref Utf8JsonReader reader, ref int values)
    {
        var list = new NgList();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadValue(ref reader, ref values) is { } value)
            {
                list.Items.Add(value);
            }
        }

        return list;
    }

    private static NgValue? ReadValue(ref Utf8JsonReader reader, ref int values)
    {
        if (++values > NgCodec.MaxValues)
        {
            throw new JsonException("Too many values");
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, ref values),
            JsonTokenType.StartArray => ReadArray(ref reader, ref values),
            JsonTokenType.String => new NgString(ReadText(ref reader)),
            JsonTokenType.Number => reader.TryGetInt64(out long number) ? new NgInteger(number) : new NgString(NgCodec.FromBytes(reader.ValueSpan)),
            JsonTokenType.True => new NgInteger(1),
            JsonTokenType.False => new NgInteger(0),
            _ => null,
        };
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        // Unescaping never makes a text longer.
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            int length = reader.CopyString(buffer);
            return Encoding.Latin1.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
