namespace RtpCluster.MediaEngine.Ingress;

/// <summary>
/// Recognises packets that went round in a circle: a stream whose remote is one of our own addresses remembers its recent packets and
/// refuses to see one of them twice.
/// </summary>
internal sealed class LoopFilter
{
    private const int Remembered = 16;
    private const int HashedBytes = 64;

    private readonly ulong[] _recent = new ulong[Remembered];
    private int _next;

    /// <summary>True when a packet was seen a moment ago; else it is remembered.</summary>
    public bool IsRepeat(ReadOnlySpan<byte> packet)
    {
        ulong hash = Hash(packet);
        if (_recent.AsSpan().Contains(hash))
        {
            return true;
        }

        _recent[_next] = hash;
        _next = (_next + 1) % Remembered;
        return false;
    }

    // FNV-1a over the header and the first payload bytes; the length tells apart what only differs in its tail.
    private static ulong Hash(ReadOnlySpan<byte> packet)
    {
        ulong hash = 14695981039346656037 ^ (uint)packet.Length;
        foreach (byte b in packet[..Math.Min(packet.Length, HashedBytes)])
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash | 1;
    }
}
