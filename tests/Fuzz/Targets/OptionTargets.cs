using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Server.Options;

namespace RtpCluster.Fuzz.Targets;

/// <summary>Configuration: whatever a file or a command line says, the outcome is options or named errors.</summary>
internal static class OptionTargets
{
    private static readonly NoNetwork Host = new();

    /// <summary>Command lines; spaces separate words.</summary>
    public static byte[][] CommandLines { get; } = Corpus.Tokens(
        "--config-file=none -t -1 -i 203.0.113.1 -i 2001:db8:4321::1 -n 2223 -c 12345 -f -L 7 -E",
        "--interface=int/192.0.2.1!198.51.100.1 --listen-ng=127.0.0.1:2223 --timeout 60 -fE --port-min=30000 --port-max 40000 -m",
        "--help --version --no-such=1 --mos=LQ --endpoint-learning off -o 5 -s6 --tos=999 --max-load=x");

    /// <summary>The input as the config file.</summary>
    public static void File(byte[] input) => Bind(["--config-file=x"], NgCodec.FromBytes(input));

    /// <summary>The input as the command line.</summary>
    public static void CommandLine(byte[] input) => Bind(NgCodec.FromBytes(input).Split(' ', StringSplitOptions.RemoveEmptyEntries), null);

    private static void Bind(string[] words, string? file)
    {
        var values = OptionReader.Read(words, _ => null, _ => file);
        var options = NodeOptionsBinder.Bind(values, Host);
        FuzzFailure.Unless(options is not null || values.Errors.Count > 0, "no options and no error");
    }

    private sealed class NoNetwork : IHostNetwork
    {
        public bool HasDevice(string name) => name == "eth0";

        public bool HasV6 => true;

        public IReadOnlyList<IpAddress> Addresses(string name) => name == "eth0" ? [IpAddress.Parse("192.0.2.1")] : [];
    }
}
