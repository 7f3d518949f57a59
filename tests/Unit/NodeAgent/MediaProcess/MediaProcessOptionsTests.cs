using RtpCluster.Contracts;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.Unit.NodeAgent.MediaProcess;

public class MediaProcessOptionsTests
{
    [Fact]
    public void The_command_line_carries_every_option()
    {
        var options = new MediaProcessOptions
        {
            SocketPath = "/run/x y/media.sock",
            Addresses = [IpAddress.Parse("192.0.2.1"), IpAddress.Parse("2001:db8::1")],
            Tier = "sockets",
            Reactors = 3,
            PinReactors = false,
            PacketsPerSecond = 1,
            BurstPackets = 2,
            PortReceiveBuffer = 3,
            ReactorReceiveBuffer = 4,
            ModerationMicros = 5,
            OrphanSeconds = 6,
            LogFile = "/tmp/log",
        };

        Assert.True(MediaProcessOptions.TryParse([.. options.ToArguments()], out var read, out _));

        Assert.Equal(options.Addresses, read.Addresses);
        Assert.Equal(options with { Addresses = read.Addresses }, read);
    }

    [Theory]
    [InlineData("unknown option --colour", "--colour", "red")]
    [InlineData("--tier needs a value", "--tier")]
    [InlineData("--rate: 'x' is no number", "--rate", "x")]
    [InlineData("--addresses: 'host' is not an IP address", "--addresses", "host")]
    [InlineData("--socket is missing", "--addresses", "::1")]
    [InlineData("--addresses is missing", "--socket", "s")]
    public void A_bad_command_line_is_explained(string expected, params string[] arguments)
    {
        Assert.False(MediaProcessOptions.TryParse(arguments, out _, out string error));
        Assert.Equal(expected, error);
    }
}
