using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Redis;

/// <summary>A real redis-server of the test's own, in a folder of its own.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtpcluster-redis-").FullName;
    private readonly string[] _options;
    private ChildProcess? _process;

    /// <summary>Starts it on a free port of loopback.</summary>
    /// <param name="options">More options of redis-server.</param>
    public RedisServer(params string[] options)
    {
        _options = options;
        Port = FreePort();
        Start();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts it, again after <see cref="Kill"/>; what it had written is there.</summary>
    public void Start()
    {
        _process = ChildProcess.Start("redis-server", [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes", .. _options,
        ]);
        for (int i = 0; i < 200; i++)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(25);
            }
        }

        throw new InvalidOperationException("redis-server does not start: " + _process.Output);
    }

    /// <summary>Kills it without warning.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Runs redis-cli against it.</summary>
    public string Cli(params string[] words) => ChildProcess.Run("redis-cli", ["-p", Port.ToString(CultureInfo.InvariantCulture), .. words]).Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
