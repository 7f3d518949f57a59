using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// The wishes of all receivers for a key frame of one SSRC, merged into few requests: one at once, the next not before
/// <see cref="IntervalMillis"/>, and none once a key frame has come.
/// </summary>
internal struct KeyFrameRequest
{
    /// <summary>
    /// Least time between two requests to one sender, ms. Browsers do not follow a request within 300 ms of one that they followed: an earlier
    /// one would be lost, and the next that counts come later for it.
    /// </summary>
    public const int IntervalMillis = 320;

    private const int MaxTries = 10;

    private Instant _next;
    private int _tries;

    /// <summary>Somebody waits for a key frame.</summary>
    public bool IsPending { get; private set; }

    /// <summary>A receiver wants one.</summary>
    public void Want()
    {
        _tries = IsPending ? _tries : 0;
        IsPending = true;
    }

    /// <summary>One begins: whoever waits has it now.</summary>
    public void Arrived() => IsPending = false;

    /// <summary>True when the sender is to be asked now. It is asked again until a key frame comes, ten times at most.</summary>
    public bool TakeDue(Instant now)
    {
        if (!IsPending || now < _next)
        {
            return false;
        }

        if (++_tries > MaxTries)
        {
            IsPending = false;
            return false;
        }

        _next = now.AddMillis(IntervalMillis);
        return true;
    }
}
