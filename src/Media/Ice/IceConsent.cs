using RtpCluster.Contracts;

namespace RtpCluster.Media.Ice;

/// <summary>Consent freshness of the selected pair, RFC 7675: a check every five seconds or so, 30 s without an answer end it.</summary>
internal sealed class IceConsent(IEntropy entropy)
{
    private const int MeanMillis = 5000;
    private const int ExpirySeconds = 30;

    private readonly byte[][] _recent = new byte[4][];
    private int _next;
    private Instant _lastAnswer;

    /// <summary>When the next check is due; null: nothing is selected.</summary>
    public Instant? NextCheck { get; private set; }

    /// <summary>When it ends; null: nothing is selected.</summary>
    public Instant? Expiry => NextCheck is null ? null : _lastAnswer.AddSeconds(ExpirySeconds);

    /// <summary>A pair was selected.</summary>
    public void Start(Instant now)
    {
        _lastAnswer = now;
        Array.Clear(_recent);
        Schedule(now);
    }

    /// <summary>Nothing is selected any more.</summary>
    public void Stop() => NextCheck = null;

    /// <summary>A check goes out under this id.</summary>
    public void Sent(Instant now, byte[] id)
    {
        _recent[_next] = id;
        _next = (_next + 1) % _recent.Length;
        Schedule(now);
    }

    /// <summary>True for the answer to a recent check.</summary>
    public bool IsRecent(ReadOnlySpan<byte> id)
    {
        foreach (byte[]? recent in _recent)
        {
            if (recent is not null && id.SequenceEqual(recent))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The remote answered.</summary>
    public void Answered(Instant now) => _lastAnswer = now;

    /// <summary>80 to 120 % of the mean, so that checks of many streams do not march in step.</summary>
    private void Schedule(Instant now)
    {
        Span<byte> random = stackalloc byte[2];
        entropy.Fill(random);
        int permille = 800 + (((random[0] << 8) | random[1]) % 401);
        NextCheck = now.AddMillis(MeanMillis * permille / 1000);
    }
}
