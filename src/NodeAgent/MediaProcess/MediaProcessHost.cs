using System.Net.Sockets;
using System.Text;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Runtime;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// The media process: owns the sockets and relays packets, told what to do by one controller at a time. It outlives its controller: without
/// one it goes on while any call has media, and ends a while after the last fell silent.
/// </summary>
public static class MediaProcessHost
{
    private const int ExitOk = 0, ExitUsage = 2, ExitFailed = 1;
    private const int OpenReadWrite = 2, OpenAppendCreate = 0x441;

    /// <summary>What <c>rtpcluster media …</c> runs; returns the exit code.</summary>
    public static int Main(IReadOnlyList<string> arguments)
    {
        if (!MediaProcessOptions.TryParse(arguments, out var options, out string error))
        {
            Console.Error.WriteLine($"media: {error}");
            return ExitUsage;
        }

        LeaveParent(options);
        using var stop = new CancellationTokenSource();
        try
        {
            Run(options, stop.Token);
            return ExitOk;
        }
        catch (Exception e) when (e is InvalidOperationException or SocketException or IOException)
        {
            Console.Error.WriteLine($"media: {e.Message}");
            return ExitFailed;
        }
    }

    /// <summary>Serves until a controller says shutdown, the process is orphaned for good, or <paramref name="cancel"/> fires.</summary>
    /// <exception cref="InvalidOperationException">The socket is in use, or the packet tier cannot be had.</exception>
    public static void Run(MediaProcessOptions options, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var listener = UnixListener.Open(options.SocketPath);
        var slot = new ControllerSlot();
        using var plane = new MediaPlane(options, fact => slot.Publish(FactMessage.Of(fact)));
        var accept = AcceptAsync(listener, plane, slot, stop);
        var orphan = WatchOrphanAsync(options, plane, slot, stop);
        Task.WhenAll(accept, orphan, RuntimeCare.RunAsync(stop.Token)).GetAwaiter().GetResult();
        UnixListener.Remove(options.SocketPath);
    }

    private static async Task AcceptAsync(Socket listener, MediaPlane plane, ControllerSlot slot, CancellationTokenSource stop)
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token).ConfigureAwait(false);
                sessions.RemoveAll(s => s.IsCompleted);
                sessions.Add(ServeAsync(new FrameConnection(socket), plane, slot, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // Give the answer to a shutdown the time to leave.
            await Task.WhenAll(sessions).ConfigureAwait(false);
        }
    }

    private static async Task ServeAsync(FrameConnection connection, MediaPlane plane, ControllerSlot slot, CancellationTokenSource stop)
    {
        var dispatcher = new RequestDispatcher(plane, slot, connection, () =>
        {
            connection.Complete();
            stop.CancelAfter(TimeSpan.FromMilliseconds(50));
        });
        await connection.RunAsync(dispatcher.Handle, stop.Token, dispatcher.Paused).ConfigureAwait(false);
        slot.Leave(connection);
    }

    private static async Task WatchOrphanAsync(MediaProcessOptions options, MediaPlane plane, ControllerSlot slot, CancellationTokenSource stop)
    {
        int seconds = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                seconds = slot.IsTaken || plane.LiveCalls > 0 ? 0 : seconds + 1;
                if (seconds >= options.OrphanSeconds)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped otherwise.
        }
    }

    /// <summary>Own session and own standard streams, so that neither the parent's death nor its terminal reaches us.</summary>
    private static unsafe void LeaveParent(MediaProcessOptions options)
    {
        LibC.setsid();
        CurrentThread.SetSessionNice(CurrentThread.MediaNice);
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            int fd = LibC.open(nothing, OpenReadWrite, 0);
            LibC.dup2(fd, 0);
            LibC.dup2(fd, 1);
        }

        if (options.LogFile.Length > 0)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(options.LogFile + '\0'))
            {
                int fd = LibC.open(path, OpenAppendCreate, 0x1a0); // 0640
                if (fd >= 0)
                {
                    LibC.dup2(fd, 2);
                }
            }
        }
    }
}
