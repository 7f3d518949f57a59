namespace RtpCluster.Server.Roles;

/// <summary>
/// The directory of a node's files: the given one, kept and locked against a second node, or a temporary one that goes with the process.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly FileStream? _lock;
    private readonly bool _temporary;

    /// <summary>Makes and locks it.</summary>
    /// <exception cref="IOException">It cannot be made, or another node uses it.</exception>
    public StateDirectory(string? path)
    {
        _temporary = path is null;
        Path = System.IO.Path.GetFullPath(path ?? Directory.CreateTempSubdirectory("rtpcluster-").FullName);
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string lockFile = System.IO.Path.Combine(Path, "node.lock");
        try
        {
            _lock = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"state-dir {Path} is in use by another node, or cannot be written ({e.Message}). Give each node its own --state-dir.", e);
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        if (_temporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
