using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace RtpCluster.Server.Demo;

/// <summary>A node for the demo alone, when none answers.</summary>
internal sealed class DemoNode(Process process) : IDisposable
{
    /// <summary>Returns null when a node answers at the address, else starts one there and waits until it does.</summary>
    /// <exception cref="DemoException">It does not come up.</exception>
    public static async Task<DemoNode?> EnsureAsync(IPEndPoint address)
    {
        if (await AnswersAsync(address, 1).ConfigureAwait(false))
        {
            return null;
        }

        Console.WriteLine($"no node at {address}: starting one for the demo");
        var info = new ProcessStartInfo(Environment.ProcessPath!,
            ["--config-file=none", "-t", "-1", "-i", address.Address.ToString(), "-n", address.ToString(), "-f", "-L", "4", "-E"]);
        var node = new DemoNode(Process.Start(info) ?? throw new DemoException("cannot start a node"));
        if (!await AnswersAsync(address, 15).ConfigureAwait(false))
        {
            node.Dispose();
            throw new DemoException($"the node at {address} does not come up");
        }

        return node;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            process.WaitForExit(TimeSpan.FromSeconds(6));
        }

        process.Dispose();
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address, int attempts)
    {
        using var ng = new DemoNg(address);
        for (int i = 0; i < attempts; i++)
        {
            try
            {
                await ng.SendAsync(new JsonObject { ["command"] = "ping" }).ConfigureAwait(false);
                return true;
            }
            catch (DemoException)
            {
            }
        }

        return false;
    }
}
