using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// Keeps secrets out of the store: in a call's JSON it replaces the values of secret members by <c>sealed:</c> and base64 of nonce, AES-256-GCM
/// ciphertext and tag. Everything else stays readable. The call-id is authenticated with each, so that no value can be moved to another call.
/// The nonce is made from the secret and the call-id (as in SIV, RFC 5297): the same state sealed again is the same bytes, by which the store knows
/// a commit that it has already. Safe for concurrent use.
/// </summary>
public sealed class SecretSealer
{
    /// <summary>Bytes of a cluster key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12, TagBytes = 16;
    private const string Mark = "sealed:";

    /// <summary>A JSON member is secret when its name ends like this, wherever it stands in the state.</summary>
    private static readonly byte[][] s_secretEnds =
        ["Key"u8.ToArray(), "Salt"u8.ToArray(), "Password"u8.ToArray(), "Pwd"u8.ToArray(), "Secret"u8.ToArray(), "OtherParameters"u8.ToArray()];

    private readonly byte[] _key;
    private readonly byte[] _nonceKey;

    /// <summary>Takes a key of 32 bytes.</summary>
    public SecretSealer(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        _key = key;
        _nonceKey = HMACSHA256.HashData(key, "rtpcluster nonces"u8);
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
            return Walk(json, text => text.StartsWith(Mark, StringComparison.Ordinal) ? text : SealText(callId, text));
        }
        catch (JsonException)
        {
            return SealBytes(json);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> sealed.</summary>
    /// <exception cref="FormatException">Sealed with another key, or changed.</exception>
    public ReadOnlyMemory<byte> Open(string callId, ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("sealed:"u8) < 0)
        {
            return json;
        }

        try
        {
            return json.Span.StartsWith("sealed:"u8)
                ? OpenBytes(json.Span)
                : Walk(json, text => text.StartsWith(Mark, StringComparison.Ordinal) ? Encoding.UTF8.GetString(OpenBytes(callId, Encoding.Latin1.GetBytes(text)))
                    : text);
        }
        catch (JsonException e)
        {
            throw new FormatException("a state with sealed secrets is damaged", e);
        }
    }

    /// <summary>Seals bytes as a whole, e.g. an answer that holds keys; empty stays empty.</summary>
    public byte[] SealBytes(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == 0 ? [] : Encoding.Latin1.GetBytes(Mark + Convert.ToBase64String(Encrypt(string.Empty, bytes.Span)));

    /// <summary>Opens bytes that were sealed as a whole.</summary>
    /// <exception cref="FormatException">Sealed with another key, or changed.</exception>
    public byte[] OpenBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 0 ? [] : OpenBytes(string.Empty, bytes);

    private string SealText(string callId, string text) => Mark + Convert.ToBase64String(Encrypt(callId, Encoding.UTF8.GetBytes(text)));

    private byte[] Encrypt(string callId, ReadOnlySpan<byte> plain)
    {
        byte[] box = new byte[NonceBytes + plain.Length + TagBytes];
        byte[] name = Encoding.UTF8.GetBytes(callId);
        using (var nonce = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _nonceKey))
        {
            nonce.AppendData(BitConverter.GetBytes(name.Length));
            nonce.AppendData(name);
            nonce.AppendData(plain);
            nonce.GetHashAndReset().AsSpan(0, NonceBytes).CopyTo(box);
        }

        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), name);
        return box;
    }

    private byte[] OpenBytes(string callId, ReadOnlySpan<byte> text)
    {
        byte[] box = Decode(text[Mark.Length..]);
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new FormatException("a sealed secret is too short");
        }

        byte[] plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(callId));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new FormatException("a secret was sealed with another key, or changed", e);
        }

        return plain;
    }

    private static byte[] Decode(ReadOnlySpan<byte> base64)
    {
        byte[] box = new byte[base64.Length];
        return System.Buffers.Text.Base64.DecodeFromUtf8(base64, box, out _, out int length) == OperationStatus.Done
            ? box[..length]
            : throw new FormatException("a sealed secret is no base64");
    }

    /// <summary>Passes every secret text through <paramref name="change"/>; everything else stays as it is, and without a change so does the memory.</summary>
    private static ReadOnlyMemory<byte> Walk(ReadOnlyMemory<byte> json, Func<string, string> change)
    {
        ArrayBufferWriter<byte>? target = null;
        var reader = new Utf8JsonReader(json.Span);
        int copied = 0;
        // Below a secret member everything is secret; 0: not below one.
        int secretDepth = 0;
        bool secret = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    secret = IsSecret(ref reader);
                    continue;
                case JsonTokenType.String when secret || secretDepth > 0:
                    string text = reader.GetString()!;
                    string changed = text.Length == 0 ? text : change(text);
                    if (!ReferenceEquals(changed, text))
                    {
                        target ??= new(json.Length + 256);
                        target.Write(json.Span[copied..(int)reader.TokenStartIndex]);
                        WriteText(target, changed);
                        copied = (int)reader.BytesConsumed;
                    }

                    break;
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

        target?.Write(json.Span[copied..]);
        return target?.WrittenMemory ?? json;
    }

    private static void WriteText(ArrayBufferWriter<byte> target, string text)
    {
        target.Write("\""u8);
        target.Write(JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        target.Write("\""u8);
    }

    private static bool IsSecret(ref Utf8JsonReader reader)
    {
        var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        foreach (byte[] end in s_secretEnds)
        {
            if (name.Length >= end.Length && Ascii.EqualsIgnoreCase(name[^end.Length..], end))
            {
                return true;
            }
        }

        return false;
    }
}
