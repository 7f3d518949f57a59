using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Netns.Kamailio;

/// <summary>The node under test in a lab: our binary, or with RTPCLUSTER_TEST_NODE=peer the peer's daemon, to check the tests themselves.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Socket _ng;

    public NodeProcess(Lab lab, params string[] options)
    {
        string[] common =
        [
            "--config-file=none", "-t", "-1", "-i", Lab.NodeV4, "-i", Lab.NodeV6, "-n", "2223", "-c", "12345", "-f", "-L", "6", "-E",
            .. options,
        ];
        IsPeer = Environment.GetEnvironmentVariable("RTPCLUSTER_TEST_NODE") == "peer";
        Process = lab.Node.Start(IsPeer ? "rtpengine" : Binary(), common);
        _ng = lab.Node.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 3000 };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, 2223));
            return socket;
        });
    }

    public bool IsPeer { get; }

    public ChildProcess Process { get; }

    /// <summary>Sends one bencoded request and returns the reply without its cookie; null: nobody answers.</summary>
    public string? Ng(string bencoded)
    {
        try
        {
            string cookie = Guid.NewGuid().ToString("N");
            _ng.Send(Encoding.Latin1.GetBytes(cookie + " " + bencoded));
            byte[] buffer = new byte[65536];
            while (true)
            {
                string reply = Encoding.Latin1.GetString(buffer, 0, _ng.Receive(buffer));
                if (reply.StartsWith(cookie, StringComparison.Ordinal))
                {
                    return reply[(cookie.Length + 1)..];
                }
            }
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public bool Answers => Ng("d7:command4:pinge") == "d6:result4:ponge";

    public string List() => Ng("d7:command4:liste") ?? "";

    public void Dispose()
    {
        _ng.Dispose();
        Process.Signal("TERM");
        try
        {
            Process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
        }

        Process.Dispose();
    }

    /// <summary>bin/rtpcluster of the repository that this test was built in.</summary>
    private static string Binary()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "bin", "rtpcluster");
            if (File.Exists(Path.Combine(folder.FullName, "RtpCluster.sln")))
            {
                return File.Exists(candidate) ? candidate : throw new FileNotFoundException("bin/rtpcluster is missing: run `make build` first");
            }
        }

        throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
