namespace RtpCluster.Media.Stun;

/// <summary>The CRC-32 of ITU V.42 that FINGERPRINT uses (RFC 8489 section 14.7), with its mask.</summary>
internal static class StunCrc
{
    private const uint Polynomial = 0xedb88320;
    private const uint Mask = 0x5354554e;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The attribute's value over everything before it.</summary>
    public static uint Fingerprint(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = (crc >> 8) ^ Table[(byte)crc ^ b];
        }

        return ~crc ^ Mask;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
