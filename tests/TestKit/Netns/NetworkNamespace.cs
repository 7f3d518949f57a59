using System.Runtime.InteropServices;

namespace RtpCluster.TestKit.Netns;

/// <summary>A network namespace of the test's own. Needs root and iproute2. Disposing deletes it and with it all its links.</summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const int CloneNewNet = 0x40000000;

    private NetworkNamespace(string name) => Name = name;

    /// <summary>Its name under /var/run/netns.</summary>
    public string Name { get; }

    /// <summary>Creates the namespace with its loopback up.</summary>
    public static NetworkNamespace Create(string name)
    {
        ChildProcess.Run("ip", "netns", "add", name);
        var created = new NetworkNamespace(name);
        created.Ip("link", "set", "lo", "up");
        return created;
    }

    /// <summary>Runs <c>ip</c> inside.</summary>
    public void Ip(params string[] arguments) => ChildProcess.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>Joins two namespaces by a veth pair; addresses come with their prefix length, e.g. "198.51.100.1/25".</summary>
    public static void Join(NetworkNamespace left, string leftDevice, string[] leftAddresses,
        NetworkNamespace right, string rightDevice, string[] rightAddresses)
    {
        left.Ip("link", "add", leftDevice, "type", "veth", "peer", "name", rightDevice, "netns", right.Name);
        left.Up(leftDevice, leftAddresses);
        right.Up(rightDevice, rightAddresses);
    }

    /// <summary>Adds addresses to a device and brings it up.</summary>
    public void Up(string device, params string[] addresses)
    {
        foreach (string address in addresses)
        {
            string[] arguments = ["addr", "add", address, "dev", device];
            Ip(address.Contains(':') ? [.. arguments, "nodad"] : arguments);
        }

        Ip("link", "set", device, "up");
    }

    /// <summary>Runs a function on a thread inside the namespace: sockets it opens belong there for good.</summary>
    public T Enter<T>(Func<T> body)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/var/run/netns/{Name}");
                if (SetNs((int)file.DangerousGetHandle(), CloneNewNet) != 0)
                {
                    throw new InvalidOperationException($"setns({Name}): errno {Marshal.GetLastPInvokeError()}");
                }

                result = body();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException($"in namespace {Name}: {failure.Message}", failure);
    }

    /// <summary>Starts a process inside.</summary>
    public ChildProcess Start(string file, params string[] arguments) =>
        ChildProcess.Start("ip", ["netns", "exec", Name, file, .. arguments]);

    /// <summary>Fetches a URL from inside.</summary>
    public string Curl(params string[] arguments) =>
        ChildProcess.Run("ip", ["netns", "exec", Name, "curl", "-s", "-m", "5", .. arguments]);

    /// <inheritdoc/>
    public void Dispose() => ChildProcess.TryRun("ip", "netns", "del", Name);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(int descriptor, int kind);
}
