using System.Globalization;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Sip;

/// <summary>A SIPp that plays a scenario, calling or answering.</summary>
public static class Sipp
{
    /// <summary>Starts it.</summary>
    /// <param name="host">The phones' host.</param>
    /// <param name="scenario">The scenario's file.</param>
    /// <param name="address">The phones' address.</param>
    /// <param name="port">Their SIP port.</param>
    /// <param name="more">More of its arguments; for callers the proxy's address comes last.</param>
    public static ChildProcess Start(NetworkNamespace host, string scenario, string address, int port, params string[] more) =>
        host.Start("sipp", ["-sf", scenario, "-i", address, "-p", port.ToString(CultureInfo.InvariantCulture), "-nostdin", .. more]);
}
