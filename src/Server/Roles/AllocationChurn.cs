namespace RtpCluster.Server.Roles;

/// <summary>
/// Test switch: allocates in this process at a given rate, with survivors for each generation, so that a test can show that collections here
/// delay no packet.
/// </summary>
internal sealed class AllocationChurn : IDisposable
{
    private const int BlockBytes = 10_000;
    private const int Survivors = 20_000;
    private const int TicksPerSecond = 100;
    private readonly byte[]?[] _kept = new byte[Survivors][];
    private readonly Timer? _timer;
    private readonly int _blocksPerTick;
    private int _next;
    private int _busy;

    /// <summary>Begins; 0: does nothing.</summary>
    public AllocationChurn(int megabytesPerSecond)
    {
        _blocksPerTick = megabytesPerSecond * 1_000_000 / BlockBytes / TicksPerSecond;
        if (_blocksPerTick > 0)
        {
            _timer = new Timer(_ => Allocate(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1000.0 / TicksPerSecond));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Allocate()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return;
        }

        for (int i = 0; i < _blocksPerTick; i++)
        {
            byte[] block = new byte[BlockBytes];
            // One in four lives for a while: young collections have something to copy, old ones something to mark.
            if (i % 4 == 0)
            {
                _kept[_next++ % Survivors] = block;
            }
        }

        Volatile.Write(ref _busy, 0);
    }
}
