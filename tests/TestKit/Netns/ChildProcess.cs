using System.Diagnostics;
using System.Text;

namespace RtpCluster.TestKit.Netns;

/// <summary>A child process whose output is kept. Disposing kills it (only it and its own children).</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Both output streams so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>True once it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a process.</summary>
    public static ChildProcess Start(string file, params string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        var child = new ChildProcess(Process.Start(info) ?? throw new InvalidOperationException($"cannot start {file}"));
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a short command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds its output.</exception>
    public static string Run(string file, params string[] arguments)
    {
        using var child = Start(file, arguments);
        child.WaitForExit(TimeSpan.FromSeconds(30));
        return child.ExitCode == 0
            ? child.Output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit {child.ExitCode}: {child.Output}");
    }

    /// <summary>Runs a short command whose failure does not matter.</summary>
    public static void TryRun(string file, params string[] arguments)
    {
        using var child = Start(file, arguments);
        child.WaitForExit(TimeSpan.FromSeconds(30));
    }

    /// <summary>Sends a signal, e.g. "TERM".</summary>
    public void Signal(string name) => TryRun("kill", $"-{name}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public void WaitForExit(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            throw new TimeoutException($"process {Id} still runs after {limit}: {Output}");
        }

        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
