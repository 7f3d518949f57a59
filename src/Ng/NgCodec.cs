using System.Text;
using RtpCluster.Ng.Bencode;
using RtpCluster.Ng.Json;

namespace RtpCluster.Ng;

/// <summary>Payload bytes to dictionary and back, in both formats. Pure, thread-safe, and no input makes it throw.</summary>
public static class NgCodec
{
    /// <summary>Nested lists and dictionaries beyond this depth are refused: the decoders recurse.</summary>
    public const int MaxDepth = 32;

    /// <summary>A message with more values than this is refused, so that a small datagram cannot become a large heap.</summary>
    public const int MaxValues = 100_000;

    /// <summary>
    /// Decodes a payload (without cookie). On failure <paramref name="error"/> is the reason to answer with and
    /// <paramref name="format"/> the format to answer in.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out NgDictionary dictionary, out NgFormat format, out string error)
    {
        dictionary = new NgDictionary();
        format = NgFormat.Bencode;
        error = string.Empty;
        if (payload.IsEmpty)
        {
            error = NgErrors.NoPayload;
            return false;
        }

        switch (payload[0])
        {
            case (byte)'d':
                error = BencodeDecoder.TryDecode(payload, out dictionary) ? string.Empty : NgErrors.BadBencode;
                break;
            case (byte)'{':
                format = NgFormat.Json;
                error = JsonDecoder.TryDecode(payload, out dictionary) ? string.Empty : NgErrors.BadJson;
                break;
            default:
                error = NgErrors.BadFormat;
                break;
        }

        return error.Length == 0;
    }

    /// <summary>Encodes a dictionary. Entries keep their order.</summary>
    public static byte[] Encode(NgDictionary dictionary, NgFormat format) =>
        format == NgFormat.Json ? JsonEncoder.Encode(dictionary) : BencodeEncoder.Encode(dictionary);

    /// <summary>Bytes as a byte-transparent string: each byte one char.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A byte-transparent string as its bytes.</summary>
    public static byte[] ToBytes(string text) => Encoding.Latin1.GetBytes(text);
}
