using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace RtpCluster.Server.Demo;

/// <summary><c>rtpcluster demo</c>: plays the room through a node and shows what each listener hears.</summary>
internal static class DemoCommand
{
    private const string Usage =
        """
        Usage: rtpcluster demo [--to=127.0.0.1:2223] [--seconds=20]
          Two publishers with synthetic speech and three subscribers in one room, with a live table of every stream.
          --to       ng address of the node (UDP). Without an answer there, the demo starts a node of its own for the time it runs.
          --seconds  How long to talk (1-3600).
        """;

    /// <summary>Runs the demo; exit code 0: every listener heard everything, 1: something went wrong, 2: usage.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        var node = new IPEndPoint(IPAddress.Loopback, 2223);
        int seconds = 20;
        foreach (string word in words)
        {
            bool good = word.StartsWith("--to=", StringComparison.Ordinal) ? IPEndPoint.TryParse(word.AsSpan(5), out node)
                : word.StartsWith("--seconds=", StringComparison.Ordinal)
                    && int.TryParse(word.AsSpan(10), CultureInfo.InvariantCulture, out seconds) && seconds is >= 1 and <= 3600;
            if (!good)
            {
                await Console.Error.WriteLineAsync(word is "--help" or "-h" ? Usage : $"demo: '{word}' is not understood\n{Usage}").ConfigureAwait(false);
                return word is "--help" or "-h" ? 0 : 2;
            }
        }

        try
        {
            using var own = await DemoNode.EnsureAsync(node!).ConfigureAwait(false);
            return await PlayAsync(node!, seconds).ConfigureAwait(false);
        }
        catch (DemoException e)
        {
            await Console.Error.WriteLineAsync("demo: " + e.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task<int> PlayAsync(IPEndPoint node, int seconds)
    {
        using var ng = new DemoNg(node);
        using var room = new DemoRoom(ng, node.Address);
        await room.OpenAsync().ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        Task[] listening = [.. room.Listeners.Select(listener => listener.ListenAsync(stop.Token))];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var table = new DemoTable(room, Console.IsOutputRedirected);
        var clock = Stopwatch.StartNew();
        for (int tick = 0; clock.Elapsed.TotalSeconds < seconds && await pace.WaitForNextTickAsync().ConfigureAwait(false); tick++)
        {
            foreach (var publisher in room.Publishers)
            {
                await publisher.SpeakAsync().ConfigureAwait(false);
            }

            if (tick % 50 == 49)
            {
                table.Show();
            }
        }

        // The last packets are still on their way for some milliseconds.
        await pace.WaitForNextTickAsync().ConfigureAwait(false);
        await pace.WaitForNextTickAsync().ConfigureAwait(false);
        table.Show(final: true);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(listening).ConfigureAwait(false);
        await room.CloseAsync().ConfigureAwait(false);
        return room.Listeners.All(listener => listener.Measure() is { Packets: > 0, LossPercent: 0 }) ? 0 : 1;
    }
}
