using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Cluster.Routing;

/// <summary>
/// The answers of the last minute, by shard and cookie, at the owner: a retry by any way gets the first one's answer, and waits for it while it
/// runs. Safe for concurrent use.
/// </summary>
internal sealed class ReplyCache(ClusterTime time)
{
    private const long LifeMillis = 60_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Shard, string Cookie), Entry> _entries = [];
    private readonly Queue<((int Shard, string Cookie) Key, Entry Entry, long At)> _ages = new();

    /// <summary>True: the caller is the first and must call <see cref="End"/>. False: <paramref name="first"/> is the first one's answer; null: it failed.</summary>
    public bool TryBegin(int shard, string cookie, out Task<NgDictionary?> first)
    {
        lock (_gate)
        {
            ForgetOld();
            if (!_entries.TryGetValue((shard, cookie), out var entry))
            {
                _entries[(shard, cookie)] = new Entry();
                first = Task.FromResult<NgDictionary?>(null);
                return true;
            }

            if (entry.Answer is { } answer)
            {
                first = Task.FromResult(NgCodec.TryDecode(answer.Reply.Span, out var reply, out _, out _) ? reply : null);
                return false;
            }

            var waiter = new TaskCompletionSource<NgDictionary?>();
            (entry.Waiting ??= []).Add(waiter);
            first = waiter.Task;
            return false;
        }
    }

    /// <summary>The first one's answer; null: it failed, a retry runs.</summary>
    public void End(int shard, string cookie, NgDictionary? reply)
    {
        TaskCompletionSource<NgDictionary?>[] waiting;
        lock (_gate)
        {
            if (!_entries.TryGetValue((shard, cookie), out var entry))
            {
                return;
            }

            waiting = entry.Waiting?.ToArray() ?? [];
            entry.Waiting = null;
            if (reply is null)
            {
                _entries.Remove((shard, cookie));
            }
            else
            {
                // As bytes: there are as many as commands of a minute, and objects are what a collection has to look at.
                entry.Answer = new(cookie, NgCodec.Encode(reply, NgFormat.Bencode));
                _ages.Enqueue(((shard, cookie), entry, time.Now()));
            }
        }

        Array.ForEach(waiting, w => w.SetResult(reply));
    }

    /// <summary>Takes over an answer that was given elsewhere. There may be as many as calls, and hardly any is asked for: it is decoded then.</summary>
    public void Put(int shard, CommandAnswer answer)
    {
        lock (_gate)
        {
            var entry = new Entry { Answer = answer };
            if (_entries.TryAdd((shard, answer.Cookie), entry))
            {
                _ages.Enqueue(((shard, answer.Cookie), entry, time.Now()));
            }
        }
    }

    private void ForgetOld()
    {
        while (_ages.TryPeek(out var oldest) && oldest.At + LifeMillis < time.Now())
        {
            _ages.Dequeue();
            if (_entries.GetValueOrDefault(oldest.Key) == oldest.Entry)
            {
                _entries.Remove(oldest.Key);
            }
        }
    }

    private sealed class Entry
    {
        /// <summary>The answer, here or elsewhere; null: not given yet.</summary>
        public CommandAnswer? Answer { get; set; }

        public List<TaskCompletionSource<NgDictionary?>>? Waiting { get; set; }
    }
}
