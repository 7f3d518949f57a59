namespace RtpCluster.Server.Roles;

/// <summary>A file with the process id, there while the node runs.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string? _path;

    /// <summary>Writes it; null: no file.</summary>
    public PidFile(string? path)
    {
        _path = path;
        if (path is not null)
        {
            File.WriteAllText(path, Environment.ProcessId + "\n");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }
}
