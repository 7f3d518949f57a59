using System.Net.Sockets;
using System.Text;

namespace RtpCluster.Server.Commands;

/// <summary><c>rtpcluster ctl</c>: sends one line to a node's listen-cli and prints the answer.</summary>
internal static class CtlCommand
{
    private const string DefaultHost = "127.0.0.1";
    private const int DefaultPort = 9900;
    private const int Ok = 0, Failed = 1, Usage = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        var (host, port, line) = Read(words);
        if (line.Length == 0)
        {
            await Console.Error.WriteLineAsync($"Usage: rtpcluster ctl [--to=host:port] <words>   (default {DefaultHost}:{DefaultPort}; \"usage\" lists the words)");
            return Usage;
        }

        try
        {
            using var timeout = new CancellationTokenSource(Limit);
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, timeout.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), timeout.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await using var output = Console.OpenStandardOutput();
            await stream.CopyToAsync(output, timeout.Token);
            return Ok;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"rtpcluster ctl: {host}:{port}: {e.Message}. Is a node running with --listen-cli={port}?");
            return Failed;
        }
    }

    // "--to=host:port", and the peer's tool's "-ip host:port".
    private static (string Host, int Port, string Line) Read(string[] words)
    {
        string to = string.Empty;
        var rest = new List<string>();
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].StartsWith("--to=", StringComparison.Ordinal))
            {
                to = words[i][5..];
            }
            else if (words[i] is "-ip" or "--ip" or "--to" && i + 1 < words.Length)
            {
                to = words[++i];
            }
            else
            {
                rest.Add(words[i]);
            }
        }

        int colon = to.LastIndexOf(':');
        bool hasPort = colon > 0 && (to.IndexOf(':') == colon || to[colon - 1] == ']');
        string host = hasPort ? to[..colon] : to;
        int port = hasPort && int.TryParse(to[(colon + 1)..], out int given) ? given : DefaultPort;
        return (host.Length == 0 ? DefaultHost : host.Trim('[', ']'), port, string.Join(' ', rest));
    }
}
