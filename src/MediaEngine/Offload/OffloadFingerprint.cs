using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>A 64-bit FNV-1a hash of what makes a row what it is; the same in every process.</summary>
internal struct OffloadFingerprint()
{
    private const ulong Prime = 1099511628211;
    private ulong _hash = 14695981039346656037;

    /// <summary>The fingerprint of a row, its running state excluded.</summary>
    public static ulong Of(OffloadTarget target)
    {
        var hash = new OffloadFingerprint();
        hash.Add(target.CallId.Value);
        hash.Add(target.Stream.Value, target.Epoch, (long)target.Kind, (long)target.Mismatch);
        hash.Add(target.Local);
        hash.Add(target.Learned);
        hash.Add(target.Current);
        hash.Add((long)target.IdleSeconds);
        hash.Add(target.DropTraffic ? 1 : 0, target.MayNotSend ? 1 : 0, (target.BlockShort ? 1 : 0) + (target.TakesRtcp ? 2 : 0) + (target.OthersStay ? 4 : 0), (long)(target.Decrypt?.Id ?? 0));
        foreach (var type in target.PayloadTypes)
        {
            hash.Add(type.Number, type.ClockRate, (type.SilenceByte * 2) + (type.IsDtmf ? 1 : 0), type.ComesHere ? -1 : type.NominalBytes);
        }

        foreach (var output in target.Outputs)
        {
            hash.Add(output);
        }

        return hash._hash;
    }

    /// <summary>Names a set of keys of a media of a call; never 0.</summary>
    public static ulong OfKeys(CallId call, StreamId media, SrtpKeys keys)
    {
        var hash = new OffloadFingerprint();
        hash.Add(call.Value);
        hash.Add(media.Value, (long)keys.Suite, keys.UnencryptedSrtp ? 1 : 0, keys.UnencryptedSrtcp ? 1 : 0);
        hash.Add(keys.UnauthenticatedSrtp ? 1 : 0, keys.Mki.Length, 0, 0);

        // A cryptographic hash, because the number is shown to whoever may read the table: it must not tell the keys.
        Span<byte> digest = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData([.. keys.MasterKey, .. keys.MasterSalt, .. keys.Mki], digest);
        hash.Add(BitConverter.ToInt64(digest), 0, 0, 0);
        return hash._hash | 1;
    }

    private void Add(OffloadOutput output)
    {
        Add(output.To.Value, output.Tos, (long)output.Hold, (long)output.Flags);
        Add(output.Source);
        Add(output.Destination);
        Add((long)(output.Encrypt?.Id ?? 0), output.PayloadTypeMaps.Length, output.StripExtensions.Length, output.Rtcp ? 1 : 0);
        foreach (var map in output.PayloadTypeMaps)
        {
            Add(map.From, map.To, 0, 0);
        }

        foreach (byte id in output.StripExtensions)
        {
            Add(id);
        }
    }

    private void Add(NetEndpoint endpoint) =>
        Add((long)(ulong)endpoint.Address.Bits, (long)(ulong)(endpoint.Address.Bits >> 64), (long)endpoint.Address.Family, endpoint.Port);

    private void Add(long a, long b, long c, long d)
    {
        Add(a);
        Add(b);
        Add(c);
        Add(d);
    }

    private void Add(string text)
    {
        foreach (char c in text)
        {
            Add((long)c);
        }
    }

    private void Add(long value)
    {
        for (int i = 0; i < 8; i++)
        {
            _hash = (_hash ^ (byte)(value >> (i * 8))) * Prime;
        }
    }
}
