using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// Keeps secrets out of the store: in a call's JSON it replaces the values of secret members by <c>sealed:</c> and base64 of nonce, AES-256-GCM
/// ciphertext and tag. Everything else stays readable. The call-id is authenticated with each, so that no value can be moved to another call.
/// Safe for concurrent use.
/// </summary>
public sealed class SecretSealer
{
    /// <summary>Bytes of a cluster key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12, TagBytes = 16;
    private const string Mark = "sealed:";

    /// <summary>A JSON member is secret when its name ends like this, wherever it stands in the state.</summary>
    private static readonly string[] s_secret = ["Key", "Salt", "Password", "Pwd", "Secret", "OtherParameters"];

    private readonly byte[] _key;

    /// <summary>Takes a key of 32 bytes.</summary>
    public SecretSealer(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        _key = key;
    }

    /// <summary>What nodes show each other to prove that they know the key.</summary>
    public string PeerSecret => Convert.ToHexStringLower(HMACSHA256.HashData(_key, "rtpcluster peers"u8));

    /// <summary>Compares without telling by the time it takes where the difference is.</summary>
    public static bool SameSecret(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(a), Encoding.Latin1.GetBytes(b));

    /// <summary>Reads a key file: 32 raw bytes, or 64 hex digits, or base64 of 32 bytes.</summary>
    /// <exception cref="IOException">It is none, or cannot be read.</exception>
    public static SecretSealer FromFile(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string text = Encoding.Latin1.GetString(bytes).Trim();
        byte[] key = new byte[KeyBytes];
        if (bytes.Length == KeyBytes)
        {
            key = bytes;
        }
        else if (!(text.Length == 2 * KeyBytes && Convert.FromHexString(text, key, out _, out int hex) == OperationStatus.Done && hex == KeyBytes)
            && !(Convert.TryFromBase64String(text, key, out int length) && length == KeyBytes))
        {
            throw new IOException($"{path} holds no cluster key: 32 bytes, 64 hex digits, or 32 bytes in base64 (make one with: openssl rand -hex 32)");
        }

        return new SecretSealer(key);
    }

    /// <summary>Seals the secrets of a state. What is not JSON is sealed as a whole.</summary>
    public ReadOnlyMemory<byte> Seal(string callId, ReadOnlyMemory<byte> json)
    {
        try
        {
            return Walk(json.Span, text => text.StartsWith(Mark, StringComparison.Ordinal) ? text : SealText(callId, text));
        }
        catch (JsonException)
        {
            return SealBytes(json);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> sealed.</summary>
    /// <exception cref="CryptographicException">Sealed with another key, or changed.</exception>
    public ReadOnlyMemory<byte> Open(string callId, ReadOnlyMemory<byte> json)
    {
        if (json.Length == 0)
        {
            return json;
        }

        return json.Span.StartsWith("sealed:"u8)
            ? OpenBytes(json.Span)
            : Walk(json.Span, text => text.StartsWith(Mark, StringComparison.Ordinal) ? Encoding.UTF8.GetString(OpenBytes(callId, Encoding.Latin1.GetBytes(text)))
                : text);
    }

    /// <summary>Seals bytes as a whole, e.g. an answer that holds keys; empty stays empty.</summary>
    public byte[] SealBytes(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == 0 ? [] : Encoding.Latin1.GetBytes(Mark + Convert.ToBase64String(Encrypt(string.Empty, bytes.Span)));

    /// <summary>Opens bytes that were sealed as a whole.</summary>
    /// <exception cref="CryptographicException">Sealed with another key, or changed.</exception>
    public byte[] OpenBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 0 ? [] : OpenBytes(string.Empty, bytes);

    private string SealText(string callId, string text) => Mark + Convert.ToBase64String(Encrypt(callId, Encoding.UTF8.GetBytes(text)));

    private byte[] Encrypt(string callId, ReadOnlySpan<byte> plain)
    {
        byte[] box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(callId));
        return box;
    }

    private byte[] OpenBytes(string callId, ReadOnlySpan<byte> text)
    {
        byte[] box = Decode(text[Mark.Length..]);
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("a sealed secret is too short");
        }

        byte[] plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(callId));
        return plain;
    }

    private static byte[] Decode(ReadOnlySpan<byte> base64)
    {
        byte[] box = new byte[base64.Length];
        return System.Buffers.Text.Base64.DecodeFromUtf8(base64, box, out _, out int length) == OperationStatus.Done
            ? box[..length]
            : throw new CryptographicException("a sealed secret is no base64");
    }

    /// <summary>Copies JSON, passing every secret text through <paramref name="change"/>.</summary>
    private static byte[] Walk(ReadOnlySpan<byte> json, Func<string, string> change)
    {
        var target = new ArrayBufferWriter<byte>(json.Length + 256);
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var reader = new Utf8JsonReader(json);
        // Below a secret member everything is secret; 0: not below one.
        int secretDepth = 0;
        bool secret = false;
        while (reader.Read())
        {
            Copy(ref reader, writer, secret || secretDepth > 0 ? change : null);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    string name = reader.GetString()!;
                    secret = Array.Exists(s_secret, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
                    continue;
                case JsonTokenType.StartArray or JsonTokenType.StartObject when secret || secretDepth > 0:
                    secretDepth++;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject when secretDepth > 0:
                    secretDepth--;
                    break;
                default:
                    break;
            }

            secret = false;
        }

        writer.Flush();
        return target.WrittenSpan.ToArray();
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Func<string, string>? change)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                string text = reader.GetString()!;
                writer.WriteStringValue(change is null || text.Length == 0 ? text : change(text));
                break;
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
