using RtpCluster.Contracts;
using RtpCluster.Server.Options;

namespace RtpCluster.Unit.Server.Options;

public sealed class OptionReaderTests
{
    [Fact]
    public void The_peers_usual_command_line_is_read_as_is()
    {
        var values = Read("--config-file=none -t -1 -i 203.0.113.1 -i 2001:db8:4321::1 -n 2223 -c 12345 -f -L 7 -E");
        var options = Bind(values);
        Assert.Empty(values.Errors);
        Assert.Empty(values.Warnings);
        Assert.Equal(["203.0.113.1", "2001:db8:4321::1"], options!.Interfaces.Select(local => local.Address.ToString()));
        Assert.Equal(["0.0.0.0:2223", "[::]:2223"], options.ListenNg.Select(endpoint => endpoint.ToString()));
        Assert.Equal(12345, options.ListenCli[0].Port);
        Assert.Equal(7, options.LogLevel);
    }

    [Theory]
    [InlineData("-L7", "log-level", "7")]
    [InlineData("-fEL 7", "log-level", "7")]
    [InlineData("-L=7", "log-level", "7")]
    [InlineData("--log-level 7", "log-level", "7")]
    [InlineData("--table -1", "table", "-1")]
    [InlineData("--delete-delay=0", "delete-delay", "0")]
    public void Each_form_of_an_option_gives_its_value(string line, string name, string expected) =>
        Assert.Equal(expected, Read(line).Text(name));

    [Fact]
    public void The_command_line_beats_the_environment_beats_the_file_beats_the_default()
    {
        var values = OptionReader.Read(
            ["--timeout=1", "--config-file=x"],
            name => name switch { "RTPCLUSTER_TIMEOUT" => "2", "RTPCLUSTER_SILENT_TIMEOUT" => "2", _ => null },
            _ => "[rtpengine]\ntimeout = 3\nsilent-timeout = 3\nfinal-timeout = 3\n");
        Assert.Equal((1, 2, 3, 3600), (values.Integer("timeout"), values.Integer("silent-timeout"), values.Integer("final-timeout"), values.Integer("offer-timeout")));
        Assert.Equal("x", values["final-timeout"].Source);
    }

    [Fact]
    public void Lists_take_semicolons_in_files_and_the_environment()
    {
        var values = OptionReader.Read([], name => name == "RTPCLUSTER_LISTEN_NG" ? "2223;127.0.0.1:2224" : null,
            name => name == "/etc/rtpengine/rtpengine.conf" ? "# mine\n[rtpengine]\ninterface = a/192.0.2.1;b/192.0.2.2!198.51.100.1;c=a\n" : null);
        var options = Bind(values)!;
        Assert.Equal(3, options.ListenNg.Count);
        Assert.Equal([new("a", IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1")), new("b", IpAddress.Parse("192.0.2.2"), IpAddress.Parse("198.51.100.1"))], options.Interfaces);
        Assert.Equal("a", options.InterfaceAliases["c"]);
    }

    [Fact]
    public void Dtls_options_reach_the_certificate_and_the_handshakes()
    {
        var options = Bind(Read("-n 2223 -i 203.0.113.1 --dtls-cert-cipher=RSA --dtls-rsa-key-size=3072 --dtls-signature=SHA-384 --dtls-mtu=900 --dtls-ciphers=HIGH"))!;
        Assert.Equal((3072, "SHA-384", 900, "HIGH"), (options.DtlsRsaBits, options.DtlsSignature, options.Dtls.Mtu, options.Dtls.Ciphers));
        Assert.Equal(0, Bind(Read("-n 2223 -i 203.0.113.1"))!.DtlsRsaBits);

        var values = Read("-n 2223 -i 203.0.113.1 --dtls-ciphers=nonsense --config-file=none");
        Assert.Null(Bind(values));
        Assert.Equal("dtls-ciphers", Assert.Single(values.Errors).Key);
    }

    [Fact]
    public void Every_fault_is_reported_at_once_with_its_source_and_a_remedy()
    {
        var values = OptionReader.Read(["--timeout=soon", "-i", "nowhere", "--mos=good", "--homer=h:1", "--config-file=f"], _ => null,
            _ => "[rtpengine]\nport-min = 70000\ntimeuot = 3\n");
        Assert.Null(Bind(values));
        Assert.Equal(["timeuot", "port-min", "timeout", "mos", "homer", "interface", "port-min"], values.Errors.Select(error => error.Key).Take(7), EqualityComparer<string>.Default);
        Assert.Contains(values.Errors, error => error.ToString() == "timeuot=3 (f): unknown option. Remove it, or see --help for its name.");
        Assert.All(values.Errors, error => Assert.NotEmpty(error.Remedy));
    }

    [Theory]
    [InlineData("--nonsense", "unknown option")]
    [InlineData("-Z", "unknown option")]
    [InlineData("--timeout", "the value is missing")]
    [InlineData("word", "neither an option nor a command")]
    public void Faults_of_usage_are_told_apart(string line, string problem)
    {
        var error = Assert.Single(Read(line).Errors);
        Assert.True(error.IsUsage);
        Assert.Equal(problem, error.Problem);
    }

    [Fact]
    public void What_is_not_served_yet_warns_when_harmless_and_is_refused_when_not()
    {
        var values = Read("-t 0 --num-threads=2 --jitter-buffer=5 --redis-write=127.0.0.1:6379/1");
        Assert.Single(values.Warnings);
        Assert.Equal("redis-write", Assert.Single(values.Errors).Key);
    }

    [Fact]
    public void The_peers_package_config_of_Debian_is_taken_over_as_it_is()
    {
        var values = OptionReader.Read([], _ => null, name => name != "/etc/rtpengine/rtpengine.conf" ? null : """
            [rtpengine]
            table = 0
            interface = eth9
            listen-ng = localhost:2223
            timeout = 60
            silent-timeout = 3600
            tos = 184
            port-min = 30000
            port-max = 40000
            recording-dir = /var/spool/rtpengine
            recording-method = proc
            """);
        var options = Bind(values)!;
        Assert.Equal((184, 40000, "127.0.0.1:2223"), (options.Tos, options.PortMax, options.ListenNg[0].ToString()));
        Assert.Equal(2, values.Warnings.Count);
        Assert.Equal(0, options.KernelTable);
    }

    [Fact]
    public void Templates_and_interfaces_come_from_their_own_sections()
    {
        var values = OptionReader.Read(["--config-file=f", "-n", "2223"], _ => null, _ => """
            [rtpcluster]
            templates = sig
            interfaces-config = if
            [sig]
            default = replace-origin ICE=remove
            offer = trust-address
            [if-pub]
            address = 192.0.2.1
            advertised = 198.51.100.7
            [if-other]
            alias-for = pub
            """);
        var options = Bind(values)!;
        Assert.Equal("replace-origin ICE=remove", options.Templates["default"]);
        Assert.Equal("198.51.100.7", Assert.Single(options.Interfaces).Advertised.ToString());
        Assert.Equal("pub", options.InterfaceAliases["other"]);
    }

    [Fact]
    public void A_node_without_an_address_or_a_control_port_does_not_start()
    {
        var values = Read(string.Empty);
        Assert.Null(Bind(values));
        Assert.Equal("interface", Assert.Single(values.Errors).Key);
    }

    [Fact]
    public void The_help_names_every_option_in_groups()
    {
        string help = HelpPrinter.Print([new("ctl", "talk to a node")]);
        Assert.All(OptionTable.All.Where(row => row.Support != OptionSupport.Hidden), row => Assert.Contains("--" + row.Name, help));
        Assert.DoesNotContain("test-allocation-churn", help);
        Assert.Contains("Load limits:", help);
    }

    private static OptionValues Read(string line) =>
        OptionReader.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), _ => null, _ => null);

    private static NodeOptions? Bind(OptionValues values) => NodeOptionsBinder.Bind(values, new FakeNetwork());

    private sealed class FakeNetwork : IHostNetwork
    {
        public bool HasDevice(string name) => name == "eth0";

        public bool HasV6 => true;

        public IReadOnlyList<IpAddress> Addresses(string name) => name switch
        {
            "eth9" => [IpAddress.Parse("192.0.2.9")],
            "localhost" => [IpAddress.Parse("127.0.0.1")],
            _ => [],
        };
    }
}
