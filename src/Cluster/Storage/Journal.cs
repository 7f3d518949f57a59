using Microsoft.Win32.SafeHandles;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// An append-only file of <see cref="JournalRecord"/>s. An append is one pwrite: it is in the page cache when it returns, so it survives
/// SIGKILL, and a power cut as well when <c>sync</c> is set. Not safe for concurrent use; <see cref="EmbeddedCallStore"/> holds its lock.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly bool _sync;
    private SafeFileHandle _handle;

    private Journal(string path, bool sync, SafeFileHandle handle, long length)
    {
        _path = path;
        _sync = sync;
        _handle = handle;
        Length = length;
    }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes behind the last whole record that were thrown away at the start.</summary>
    public long TornBytes { get; private init; }

    /// <summary>Opens or makes the file, hands every whole record to <paramref name="replay"/> and cuts off a torn tail.</summary>
    public static Journal Open(string path, bool sync, Action<JournalRecord> replay)
    {
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        int offset = 0;
        while (JournalRecord.TryRead(bytes.AsSpan(offset), out var record, out int size))
        {
            replay(record);
            offset += size;
        }

        var handle = OpenHandle(path);
        RandomAccess.SetLength(handle, offset);
        return new Journal(path, sync, handle, offset) { TornBytes = bytes.Length - offset };
    }

    /// <summary>Appends a record; returns when the kernel has it.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        RandomAccess.Write(_handle, record, Length);
        Length += record.Length;
        if (_sync)
        {
            RandomAccess.FlushToDisk(_handle);
        }
    }

    /// <summary>Writes a file with <paramref name="live"/> aside; touches nothing of the journal, so no lock is needed.</summary>
    public string WriteAside(IEnumerable<JournalRecord> live)
    {
        string aside = _path + ".new";
        File.Delete(aside);
        using var stream = new FileStream(aside, Owned(FileMode.CreateNew, bufferSize: 1 << 20));
        foreach (var record in live)
        {
            stream.Write(record.ToBytes());
        }

        stream.Flush(flushToDisk: true);
        return aside;
    }

    /// <summary>Appends to the file aside what was written since <paramref name="from"/>, and puts it in the journal's place.</summary>
    public void SwapIn(string aside, long from)
    {
        var fresh = OpenHandle(aside);
        long length = RandomAccess.GetLength(fresh);
        byte[] tail = new byte[Length - from];
        int read = 0;
        while (read < tail.Length)
        {
            read += RandomAccess.Read(_handle, tail.AsSpan(read), from + read);
        }

        RandomAccess.Write(fresh, tail, length);
        if (_sync)
        {
            RandomAccess.FlushToDisk(fresh);
        }

        File.Move(aside, _path, overwrite: true);
        _handle.Dispose();
        _handle = fresh;
        Length = length + tail.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        // Only a stream can be told the mode that a new file gets.
        using (new FileStream(path, Owned(FileMode.OpenOrCreate, bufferSize: 0)))
        {
        }

        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    // Stored calls hold SRTP keys: nobody else may read them.
    private static FileStreamOptions Owned(FileMode mode, int bufferSize) => new()
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = bufferSize,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };
}
