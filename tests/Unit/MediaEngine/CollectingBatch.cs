using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>A packet that the engine sent.</summary>
internal sealed record Sent(NetEndpoint Local, NetEndpoint Remote, byte[] Bytes, byte Tos);

/// <summary>Keeps what the engine sends; <see cref="Counting"/> only counts, for tests of allocation.</summary>
internal sealed class CollectingBatch(int capacity = 64) : OutputBatch(capacity)
{
    public List<Sent> All { get; } = [];

    public bool Counting { get; set; }

    public long Count { get; private set; }

    /// <summary>What was sent since the last call.</summary>
    public Sent[] Take()
    {
        Submit();
        var all = All.ToArray();
        All.Clear();
        return all;
    }

    protected override void Flush()
    {
        var pending = Pending;
        Count += pending.Length;
        for (int i = 0; i < pending.Length && !Counting; i++)
        {
            All.Add(new Sent(pending[i].Local, pending[i].Remote,
                PinnedBuffer.AsSpan(i * SlotSize, pending[i].Length).ToArray(), pending[i].Tos));
        }
    }
}
