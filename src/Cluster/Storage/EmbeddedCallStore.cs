using System.Runtime.CompilerServices;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Storage;

/// <summary>Options of <see cref="EmbeddedCallStore"/>.</summary>
public sealed record EmbeddedCallStoreOptions
{
    /// <summary>Directory of the journal; null: in memory only, calls end with the process.</summary>
    public string? Directory { get; init; }

    /// <summary>fsync on each save: calls survive a power cut, each offer waits for the disk. Default: off (they survive SIGKILL).</summary>
    public bool Sync { get; init; }

    /// <summary>The journal is compacted when it is longer than this and than twice its live records, in bytes.</summary>
    public long CompactAbove { get; init; } = 8 * 1024 * 1024;
}

/// <summary>The store of a single node: memory, and a journal when it has a directory. Safe for concurrent use.</summary>
public sealed class EmbeddedCallStore : ICallStore, IDisposable
{
    private const string FileName = "calls.journal";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredCall> _calls = [];
    private readonly Journal? _journal;
    private long _compactAbove;
    private long _liveBytes;
    private Task _compaction = Task.CompletedTask;

    /// <summary>Opens the store and replays its journal.</summary>
    /// <exception cref="IOException">The directory cannot be made or the journal cannot be opened.</exception>
    public EmbeddedCallStore(EmbeddedCallStoreOptions options)
    {
        _compactAbove = options.CompactAbove;
        if (options.Directory is { } directory)
        {
            System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _journal = Journal.Open(Path.Combine(directory, FileName), options.Sync, Replay);
        }
    }

    /// <summary>Calls held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Length of the journal in bytes; 0 in memory.</summary>
    public long JournalBytes => _journal?.Length ?? 0;

    /// <summary>Bytes of a torn tail found at the start (the machine lost power in the middle of a write).</summary>
    public long TornBytes => _journal?.TornBytes ?? 0;

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredCall call, CancellationToken cancel)
    {
        var record = new JournalRecord(false, call);
        byte[]? bytes = _journal is null ? null : record.ToBytes();
        lock (_gate)
        {
            if (_calls.TryGetValue(call.CallId.Value, out var stored) && call.Version <= stored.Version)
            {
                return call.Version == stored.Version
                    ? ValueTask.CompletedTask
                    : ValueTask.FromException(new StaleCallException(call.CallId, call.Version, stored.Version));
            }

            if (bytes is not null)
            {
                _journal!.Append(bytes);
            }

            Put(call, stored);
            CompactWhenWorthwhile();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(CallId callId, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_calls.Remove(callId.Value, out var stored))
            {
                _liveBytes -= Size(stored);
                _journal?.Append(new JournalRecord(true, stored with { State = default }).ToBytes());
                CompactWhenWorthwhile();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StoredCall?> LoadAsync(CallId callId, CancellationToken cancel)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_calls.GetValueOrDefault(callId.Value));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredCall> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await ValueTask.CompletedTask;
        foreach (var call in Snapshot())
        {
            yield return call;
        }
    }

    /// <summary>Waits for a compaction that is under way; for tests and a tidy end.</summary>
    public Task CompactionAsync()
    {
        lock (_gate)
        {
            return _compaction;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CompactionAsync().Wait();
        _journal?.Dispose();
    }

    private StoredCall[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _calls.Values];
        }
    }

    private void Replay(JournalRecord record)
    {
        if (!record.IsDelete)
        {
            Put(record.Call, _calls.GetValueOrDefault(record.Call.CallId.Value));
        }
        else if (_calls.Remove(record.Call.CallId.Value, out var stored))
        {
            _liveBytes -= Size(stored);
        }
    }

    private void Put(StoredCall call, StoredCall? before)
    {
        _liveBytes += Size(call) - (before is null ? 0 : Size(before));
        _calls[call.CallId.Value] = call;
    }

    private static long Size(StoredCall call) => 19 + call.CallId.Value.Length + call.State.Length;

    // Called under the lock. The long write happens aside; the lock is taken again only for the tail.
    private void CompactWhenWorthwhile()
    {
        if (_journal is null || _journal.Length <= _compactAbove || _journal.Length <= 2 * _liveBytes || !_compaction.IsCompleted)
        {
            return;
        }

        var live = _calls.Values.ToArray();
        long from = _journal.Length;
        _compaction = Task.Run(() =>
        {
            try
            {
                string aside = _journal.WriteAside(live.Select(call => new JournalRecord(false, call)));
                lock (_gate)
                {
                    _journal.SwapIn(aside, from);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The journal itself is whole; it may grow for a while before the next try.
                lock (_gate)
                {
                    _compactAbove = 2 * _journal.Length;
                }
            }
        });
    }
}
