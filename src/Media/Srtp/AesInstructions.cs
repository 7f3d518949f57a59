using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RtpCluster.Media.Srtp;

/// <summary>AES by instructions on an expanded key in memory (FIPS 197). Only where <c>Aes.IsSupported</c>.</summary>
internal static unsafe class AesInstructions
{
    /// <summary>Bytes of the longest expanded key: 15 round keys.</summary>
    internal const int ExpandedKeyLength = 15 * 16;

    private const int Wide = 8;

    /// <summary>Expands a key of 16, 24 or 32 bytes; returns the number of rounds: 10, 12 or 14.</summary>
    internal static int ExpandKey(ReadOnlySpan<byte> key, byte* expanded)
    {
        var words = key.Length / 4;
        var rounds = words + 6;
        key.CopyTo(new Span<byte>(expanded, ExpandedKeyLength));
        var w = (uint*)expanded;
        uint roundConstant = 1;
        for (var i = words; i < 4 * (rounds + 1); i++)
        {
            var t = w[i - 1];
            if (i % words == 0)
            {
                // Little-endian words: the rotation by one byte to the left is one to the right here.
                t = SubstituteWord(uint.RotateRight(t, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ ((roundConstant & 0x80) != 0 ? 0x11bu : 0);
            }
            else if (words > 6 && i % words == 4)
            {
                t = SubstituteWord(t);
            }

            w[i] = w[i - words] ^ t;
        }

        return rounds;
    }

    /// <summary>Encrypts one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> EncryptBlock(byte* expanded, int rounds, Vector128<byte> block)
    {
        var keys = (Vector128<byte>*)expanded;
        block ^= keys[0];
        for (var r = 1; r < rounds; r++)
        {
            block = Aes.Encrypt(block, keys[r]);
        }

        return Aes.EncryptLast(block, keys[rounds]);
    }

    /// <summary>
    /// XORs <paramref name="length"/> bytes with the keystream of E(iv), E(iv + 1), … where the block counter is the last two bytes of
    /// <paramref name="iv"/> and starts at 0 (RFC 3711 4.1.1).
    /// </summary>
    [SkipLocalsInit]
    internal static void XorCounterStream(byte* expanded, int rounds, Vector128<byte> iv, byte* data, int length)
    {
        var stream = stackalloc Vector128<byte>[Wide];
        for (var block = 0; length > 0; block += Wide)
        {
            EightBlocks((Vector128<byte>*)expanded, rounds, iv, block, stream);
            if (length < Wide * 16)
            {
                XorTail(data, (byte*)stream, length);
                return;
            }

            for (var i = 0; i < Wide; i++)
            {
                (stream[i] ^ Vector128.Load(data + (16 * i))).Store(data + (16 * i));
            }

            data += Wide * 16;
            length -= Wide * 16;
        }
    }

    // Interleaved, because one AESENC takes several cycles but another can start in each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightBlocks(Vector128<byte>* keys, int rounds, Vector128<byte> iv, int block, Vector128<byte>* stream)
    {
        var start = iv ^ keys[0];
        var b0 = start ^ Counter(block);
        var b1 = start ^ Counter(block + 1);
        var b2 = start ^ Counter(block + 2);
        var b3 = start ^ Counter(block + 3);
        var b4 = start ^ Counter(block + 4);
        var b5 = start ^ Counter(block + 5);
        var b6 = start ^ Counter(block + 6);
        var b7 = start ^ Counter(block + 7);
        for (var r = 1; r < rounds; r++)
        {
            var key = keys[r];
            b0 = Aes.Encrypt(b0, key);
            b1 = Aes.Encrypt(b1, key);
            b2 = Aes.Encrypt(b2, key);
            b3 = Aes.Encrypt(b3, key);
            b4 = Aes.Encrypt(b4, key);
            b5 = Aes.Encrypt(b5, key);
            b6 = Aes.Encrypt(b6, key);
            b7 = Aes.Encrypt(b7, key);
        }

        var last = keys[rounds];
        stream[0] = Aes.EncryptLast(b0, last);
        stream[1] = Aes.EncryptLast(b1, last);
        stream[2] = Aes.EncryptLast(b2, last);
        stream[3] = Aes.EncryptLast(b3, last);
        stream[4] = Aes.EncryptLast(b4, last);
        stream[5] = Aes.EncryptLast(b5, last);
        stream[6] = Aes.EncryptLast(b6, last);
        stream[7] = Aes.EncryptLast(b7, last);
    }

    private static void XorTail(byte* data, byte* stream, int length)
    {
        var i = 0;
        for (; i + 16 <= length; i += 16)
        {
            (Vector128.Load(data + i) ^ Vector128.Load(stream + i)).Store(data + i);
        }

        for (; i < length; i++)
        {
            data[i] ^= stream[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Counter(int block) =>
        Vector128.Create(0UL, (ulong)BinaryPrimitives.ReverseEndianness((ushort)block) << 48).AsByte();

    // SubBytes of one word: with four equal columns ShiftRows changes nothing.
    private static uint SubstituteWord(uint word) =>
        Aes.EncryptLast(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32().ToScalar();
}
