namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// Interrupt moderation. Under load a reactor that wakes for each packet pays for a wake-up, a receive and a send call per packet. A short
/// sleep lets packets gather, at the price of that delay: before the round that a packet woke it for, and after a round that was long enough
/// for more to be on their way. Pure.
/// </summary>
/// <param name="moderationMicros">How long to sleep, in µs; 0: never.</param>
internal sealed class Pacer(int moderationMicros)
{
    /// <summary>A round this long has batched enough by itself.</summary>
    private const int FullRound = 32;

    /// <summary>A round this long makes it likely that the next packets come soon; after a shorter one it is cheaper to be woken.</summary>
    private const int LongRound = 8;

    /// <summary>Packets that a sleep must be worth, on average.</summary>
    private const int Worth = 1;

    private const long WindowNanos = 10_000_000;

    private long _windowStart;
    private int _windowPackets;
    private bool _busy;

    /// <summary>How long to sleep before the round that a packet woke us for, in µs; 0: not at all.</summary>
    public int BeforeRound => _busy ? moderationMicros : 0;

    /// <summary>Tells how long to sleep after a round, in µs; 0: wait for the next packet instead.</summary>
    /// <param name="packets">Packets of the round.</param>
    /// <param name="monotonic">Monotonic time in ns.</param>
    public int AfterRound(int packets, long monotonic)
    {
        _windowPackets += packets;
        long span = monotonic - _windowStart;
        if (span >= WindowNanos)
        {
            _busy = _windowPackets * (long)moderationMicros * 1000 >= Worth * span;
            _windowStart = monotonic;
            _windowPackets = 0;
        }

        return _busy && packets is >= LongRound and < FullRound ? moderationMicros : 0;
    }
}
