namespace RtpCluster.Control;

/// <summary>
/// Remembers replies by cookie, so that a client's retry is answered without running the command again. Two generations: when 30 s have
/// passed at a look-up, the younger becomes the older one and the older is forgotten, so a reply lives 30 to 60 s.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">Bytes of replies in one generation; beyond, it ends early.</param>
internal sealed class CookieCache(TimeProvider time, long maxBytes = CookieCache.DefaultMaxBytes)
{
    /// <summary>How long a generation takes entries.</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromSeconds(30);

    /// <summary>Default bound of a generation.</summary>
    private const long DefaultMaxBytes = 64 * 1024 * 1024;

    /// <summary>What an entry costs beside its reply, roughly.</summary>
    private const int EntryOverhead = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource<byte[]?>?> _running = [];
    private Dictionary<string, byte[]> _young = [];
    private Dictionary<string, byte[]> _old = [];
    private long _youngBytes;
    private long _turnedAt = time.GetTimestamp();

    /// <summary>
    /// Takes a cookie. True: it is new, the caller runs the request and then calls <see cref="Complete"/> or <see cref="Fail"/>.
    /// False: <paramref name="reply"/> is, or will be, the answer of the first one; null when that failed.
    /// </summary>
    public bool TryBegin(string cookie, out ValueTask<byte[]?> reply)
    {
        lock (_lock)
        {
            TurnIfDue();
            if (_young.TryGetValue(cookie, out var stored) || _old.TryGetValue(cookie, out stored))
            {
                reply = new ValueTask<byte[]?>(stored);
                return false;
            }

            if (_running.TryGetValue(cookie, out var waiting))
            {
                // Most requests have no twin: the completion source exists once somebody waits.
                waiting ??= _running[cookie] = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
                reply = new ValueTask<byte[]?>(waiting.Task);
                return false;
            }

            _running.Add(cookie, null);
            reply = default;
            return true;
        }
    }

    /// <summary>Stores the reply and hands it to everybody who waits.</summary>
    public void Complete(string cookie, byte[] reply) => End(cookie, reply);

    /// <summary>Forgets the cookie, so that a retry runs. Whoever waits gets null.</summary>
    public void Fail(string cookie) => End(cookie, null);

    private void End(string cookie, byte[]? reply)
    {
        TaskCompletionSource<byte[]?>? waiting;
        lock (_lock)
        {
            _running.Remove(cookie, out waiting);
            if (reply is not null)
            {
                _young[cookie] = reply;
                _youngBytes += reply.Length + EntryOverhead;
            }
        }

        waiting?.SetResult(reply);
    }

    private void TurnIfDue()
    {
        long now = time.GetTimestamp();
        var age = time.GetElapsedTime(_turnedAt, now);
        if (age < Generation && _youngBytes < maxBytes)
        {
            return;
        }

        // After a quiet time both generations are too old.
        _old = age < 2 * Generation ? _young : [];
        _young = [];
        _youngBytes = 0;
        _turnedAt = now;
    }
}
