using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>A media process that answered hello.</summary>
internal sealed record MediaSession(MediaLink Link, HelloReply Hello, bool WasRunning);

/// <summary>Finds the running media process of a state directory, or starts one.</summary>
internal sealed class MediaProcessLauncher(NodeAgentOptions options, ILogger logger, Action<MediaFact> onFact)
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_helloTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runtime settings of a process whose threads must not be stopped for long: no server heaps, and small young generations. Plans are what it
    /// allocates, and most of them stay: while 500 calls a second came, collections stopped the reactors for up to 25 ms with the default sizes. Only
    /// what runtimeconfig.json does not say is taken from here, and the names are case-sensitive.
    /// </summary>
    private static readonly (string Name, string Value)[] s_runtime =
    [
        ("DOTNET_gcServer", "0"),
        ("DOTNET_GCgen0size", "40000"), // hexadecimal, as all of them
        ("DOTNET_GCGen0MaxBudget", "100000"),
        ("DOTNET_GCGen1MaxBudget", "100000"),
        ("DOTNET_TieredPGO", "0"),
    ];

    private Process? _child;

    /// <summary>Connects to the running process, or starts one and connects.</summary>
    /// <exception cref="MediaNodeException">It does not start.</exception>
    public async Task<MediaSession> OpenAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(options.StateDirectory);
        if (MediaLink.TryConnect(options.SocketPath, onFact) is { } running)
        {
            if (await TryAdoptAsync(running, cancel).ConfigureAwait(false) is { } session)
            {
                return session;
            }
        }

        return await StartAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Makes sure that the process we started is gone.</summary>
    public async Task EnsureStoppedAsync(TimeSpan patience)
    {
        if (_child is not { } child)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(patience);
            await child.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.LogWarning("media process {Pid} did not stop in time: killed", child.Id);
            child.Kill();
        }
    }

    private async Task<MediaSession?> TryAdoptAsync(MediaLink link, CancellationToken cancel)
    {
        try
        {
            var hello = await HelloAsync(link, cancel).ConfigureAwait(false);
            string? misfit = Misfit(hello);
            if (misfit is null || hello.Calls.Length > 0)
            {
                if (misfit is not null)
                {
                    logger.LogWarning("media process {Pid} keeps its {Calls} calls although {Misfit}", hello.ProcessId, hello.Calls.Length, misfit);
                }

                logger.LogInformation("adopted media process {Pid} with {Calls} calls, tier {Tier}", hello.ProcessId, hello.Calls.Length, hello.Tier);
                return new MediaSession(link, hello, WasRunning: true);
            }

            logger.LogInformation("replacing idle media process {Pid}: {Misfit}", hello.ProcessId, misfit);
        }
        catch (Exception e) when (e is MediaNodeException or IOException or TimeoutException)
        {
            logger.LogWarning("replacing the running media process: {Reason}", e.Message);
        }

        _ = link.RequestAsync<ErrorReply, ErrorReply>(MessageKind.Shutdown, null, null, null).ContinueWith(t => t.Exception, TaskScheduler.Default);
        await link.Ended.WaitAsync(s_helloTimeout, cancel).ConfigureAwait(false);
        link.Dispose();
        return null;
    }

    private string? Misfit(HelloReply hello)
    {
        var missing = options.Interfaces.Select(i => i.Address.ToString()).Except(hello.Addresses).ToArray();
        return missing.Length > 0 ? $"it does not serve {string.Join(", ", missing)}"
            : options.PacketTier is not "auto" && options.PacketTier != hello.Tier ? $"its packet tier is {hello.Tier}"
            : options.Reactors > 0 && options.Reactors != hello.Reactors ? $"it has {hello.Reactors} reactors"
            : options.KernelTable >= 0 != (hello.Kernel.Length + hello.KernelReason.Length > 0) ? "its kernel table is another"
            : null;
    }

    private async Task<MediaSession> StartAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(options.MediaCommand[0]) { UseShellExecute = false };
        foreach (string argument in options.MediaCommand.Skip(1).Concat(options.ToMediaOptions().ToArguments()))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in s_runtime)
        {
            start.Environment[name] = value;
        }

        var deadline = Stopwatch.StartNew();
        _child?.Dispose();
        _child = Process.Start(start) ?? throw new MediaNodeException($"{options.MediaCommand[0]} did not start");
        while (true)
        {
            if (MediaLink.TryConnect(options.SocketPath, onFact) is { } link)
            {
                var hello = await HelloAsync(link, cancel).ConfigureAwait(false);
                logger.LogInformation(
                    "started media process {Pid}: {Reactors} reactors, packet tier {Tier}{Reason}",
                    hello.ProcessId, hello.Reactors, hello.Tier, hello.TierReason.Length > 0 ? $" ({hello.TierReason})" : "");
                return new MediaSession(link, hello, WasRunning: false);
            }

            if (_child.HasExited)
            {
                throw new MediaNodeException($"the media process ended with code {_child.ExitCode} at start");
            }

            if (deadline.Elapsed > s_startTimeout)
            {
                _child.Kill();
                throw new MediaNodeException($"the media process did not listen on {options.SocketPath} in time");
            }

            await Task.Delay(5, cancel).ConfigureAwait(false);
        }
    }

    private static Task<HelloReply> HelloAsync(MediaLink link, CancellationToken cancel) =>
        link.RequestAsync(MessageKind.Hello, new HelloRequest(Protocol.Version), Protocol.Default.HelloRequest, Protocol.Default.HelloReply)
            .WaitAsync(s_helloTimeout, cancel);
}
