using System.Buffers.Binary;
using RtpCluster.CallModel;
using RtpCluster.CallModel.Snapshots;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Browser.Losses;

/// <summary>
/// Tells which packets the retransmissions of a stream repeat (RFC 4588): under the encryption stands the number of the lost packet. The keys
/// are in what the node keeps of the call.
/// </summary>
internal sealed class RepairReader(byte payloadType, SrtpKeys keys) : IDisposable
{
    private readonly SrtpContext _context = SrtpContext.Create(keys);
    private readonly Dictionary<uint, SrtpSsrcState> _states = [];

    /// <summary>Retransmissions that were read.</summary>
    public int Count { get; private set; }

    /// <summary>The first one that could not be; null: none.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>The video media of a participant, from the store of a node that runs.</summary>
    public static async Task<CallMedia> VideoAsync(string stateFolder, string call, string tag)
    {
        string copy = Directory.CreateDirectory(Path.Combine(stateFolder, "copy")).FullName;
        File.Copy(Path.Combine(stateFolder, "calls.journal"), Path.Combine(copy, "calls.journal"), overwrite: true);
        using var store = new EmbeddedCallStore(new EmbeddedCallStoreOptions { Directory = copy });
        var stored = await store.LoadAsync(new CallId(call), CancellationToken.None);
        return CallSnapshot.Read(stored!.State.Span).FindByTag(tag)!.Medias.Single(m => m.Type == "video");
    }

    /// <summary>The packet that a retransmission repeats; null: it is none.</summary>
    public ushort? Original(PassingPacket packet)
    {
        if ((packet.Bytes[1] & 0x7f) != payloadType)
        {
            return null;
        }

        byte[] plain = [.. packet.Bytes];
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(8));
        var state = _states.GetValueOrDefault(ssrc);
        if (!_context.TryUnprotectRtp(ref state, plain, out int length, out var result))
        {
            Unreadable ??= $"{result}, {packet.Bytes.Length} bytes: {Convert.ToHexString(packet.Bytes.AsSpan(0, Math.Min(packet.Bytes.Length, 40)))}";
            return null;
        }

        _states[ssrc] = state;
        if (!RtpHeader.TryParse(plain.AsSpan(0, length), out var header) || !Retransmission.TryGetOriginal(plain.AsSpan(0, length), header, out ushort sequence))
        {
            return null;
        }

        Count++;
        return sequence;
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
