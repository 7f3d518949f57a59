using System.Buffers;
using System.Diagnostics;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// One connection to a Redis server. Commands of any number of callers go out together: whatever has gathered while the last batch was written
/// is the next batch. A batch with durable commands ends with one WAIT for all of them. Safe for concurrent use.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Pending> _unanswered = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Stream _stream;
    private readonly int _waitReplicas;
    private readonly int _timeoutMillis;
    private readonly Timer _timer;
    private ArrayBufferWriter<byte> _gathering = new(16 * 1024);
    private ArrayBufferWriter<byte> _writing = new(16 * 1024);
    private List<Pending> _durable = [];
    private Exception? _failure;
    private long _heardAt = Stopwatch.GetTimestamp();

    /// <summary>Takes over a stream that is connected.</summary>
    public RedisConnection(Stream stream, int waitReplicas, int timeoutMillis)
    {
        _stream = stream;
        _waitReplicas = waitReplicas;
        _timeoutMillis = timeoutMillis;
        _timer = new Timer(_ => CheckAge(), null, timeoutMillis / 4, timeoutMillis / 4);
        Ended = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync));
    }

    /// <summary>Completes when the connection is gone; never faults.</summary>
    public Task Ended { get; }

    /// <summary>It still works.</summary>
    public bool IsAlive => Volatile.Read(ref _failure) is null;

    /// <summary>Sends a command; the answer, an error included, comes when it comes.</summary>
    /// <param name="durable">Wait until enough replicas have it.</param>
    /// <param name="words">The command.</param>
    /// <exception cref="StoreUnavailableException">No answer, or too few replicas.</exception>
    public Task<RespValue> SendAsync(bool durable, params ReadOnlySpan<RespWord> words)
    {
        var source = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pending = new Pending(Stopwatch.GetTimestamp()) { Source = source };
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException<RespValue>(new StoreUnavailableException("Redis: " + _failure.Message, _failure));
            }

            RespWord.Write(_gathering, words);
            _unanswered.Enqueue(pending);
            if (durable && _waitReplicas > 0)
            {
                pending.NeedsReplicas = true;
                _durable.Add(pending);
            }

            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }

        return source.Task;
    }

    /// <summary>Sends many commands; the answers come all together, in their order.</summary>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    public Task<RespValue[]> SendAllAsync(IReadOnlyList<RespWord[]> commands)
    {
        var all = new PendingBatch(commands.Count);
        if (commands.Count == 0)
        {
            return Task.FromResult<RespValue[]>([]);
        }

        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException<RespValue[]>(new StoreUnavailableException("Redis: " + _failure.Message, _failure));
            }

            for (int i = 0; i < commands.Count; i++)
            {
                RespWord.Write(_gathering, commands[i]);
                _unanswered.Enqueue(new Pending(Stopwatch.GetTimestamp()) { Batch = all, Place = i });
            }

            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }

        return all.Source.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Fail(new IOException("closed"));
        _timer.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (IsAlive)
            {
                await _wake.WaitAsync().ConfigureAwait(false);
                lock (_gate)
                {
                    if (_durable.Count > 0)
                    {
                        RespWord.Write(_gathering, ["WAIT", _waitReplicas, _timeoutMillis / 2]);
                        _unanswered.Enqueue(new Pending(Stopwatch.GetTimestamp()) { Waits = _durable });
                        _durable = [];
                    }

                    (_gathering, _writing) = (_writing, _gathering);
                }

                if (_writing.WrittenCount > 0)
                {
                    await _stream.WriteAsync(_writing.WrittenMemory).ConfigureAwait(false);
                    _writing.ResetWrittenCount();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        try
        {
            while (IsAlive)
            {
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                int read = await _stream.ReadAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new IOException("the server closed the connection");
                }

                Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
                filled += read;
                int used = Take(buffer.AsSpan(0, filled));
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (used < bytes.Length)
        {
            int outcome = RespValue.TryRead(bytes[used..], out var value, out int size);
            if (outcome == 0)
            {
                break;
            }

            Pending? pending;
            lock (_gate)
            {
                if (outcome < 0 || !_unanswered.TryDequeue(out pending))
                {
                    throw new IOException("the server does not speak RESP");
                }
            }

            pending.Complete(value, _waitReplicas);
            used += size;
        }

        return used;
    }

    private void CheckAge()
    {
        bool late;
        lock (_gate)
        {
            // A server that still says something is busy, not gone: giving it up would only make it busier.
            late = _unanswered.TryPeek(out var oldest)
                && Stopwatch.GetElapsedTime(Math.Max(oldest.Since, Volatile.Read(ref _heardAt))).TotalMilliseconds > _timeoutMillis;
        }

        if (late)
        {
            Fail(new TimeoutException($"no answer within {_timeoutMillis} ms"));
        }
    }

    private void Fail(Exception error)
    {
        List<Pending> lost;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = error;
            lost = [.. _unanswered, .. _durable];
            _unanswered.Clear();
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }

        _stream.Dispose();
        var problem = new StoreUnavailableException("Redis: " + error.Message, error);
        lost.ForEach(p => p.Fail(problem));
    }

    /// <summary>Commands that are answered together. Its answers come on one thread.</summary>
    private sealed class PendingBatch(int count)
    {
        private readonly RespValue[] _answers = new RespValue[count];
        private int _left = count;

        public TaskCompletionSource<RespValue[]> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete(int place, RespValue answer)
        {
            _answers[place] = answer;
            if (--_left == 0)
            {
                Source.TrySetResult(_answers);
            }
        }
    }

    private sealed class Pending(long since)
    {
        private RespValue _answer;

        /// <summary>It is one of several.</summary>
        public PendingBatch? Batch { get; init; }

        /// <summary>Which of the batch.</summary>
        public int Place { get; init; }

        /// <summary>Who waits for it alone; null: nobody.</summary>
        public TaskCompletionSource<RespValue>? Source { get; init; }

        public long Since => since;

        public bool NeedsReplicas { get; set; }

        /// <summary>This is a WAIT, for these.</summary>
        public List<Pending>? Waits { get; init; }

        public void Complete(RespValue answer, int replicas)
        {
            if (Batch is not null)
            {
                Batch.Complete(Place, answer);
                return;
            }

            if (Waits is null)
            {
                _answer = answer;
                if (!NeedsReplicas)
                {
                    Source!.TrySetResult(answer);
                }

                return;
            }

            foreach (var waiting in Waits)
            {
                if (answer.Kind == RespKind.Integer && answer.Number >= replicas)
                {
                    waiting.Source!.TrySetResult(waiting._answer);
                }
                else
                {
                    waiting.Source!.TrySetException(new StoreUnavailableException($"only {answer.Text} of {replicas} replicas have it"));
                }
            }
        }

        public void Fail(Exception error)
        {
            Batch?.Source.TrySetException(error);
            Source?.TrySetException(error);
            Waits?.ForEach(w => w.Source!.TrySetException(error));
        }
    }
}
