using System.Net.Sockets;
using System.Text.Json;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.Unit.NodeAgent.Ipc;

public class FrameConnectionTests
{
    [Fact]
    public async Task Many_frames_arrive_in_order_and_the_end_is_seen()
    {
        var (left, right) = Pair();
        var received = new List<(MessageKind, uint, string)>();
        var reading = right.RunAsync(
            (kind, id, payload) => received.Add((kind, id, JsonSerializer.Deserialize(payload, Protocol.Default.CallRequest)!.CallId.Value)),
            TestContext.Current.CancellationToken);
        var writing = left.RunAsync((_, _, _) => { }, TestContext.Current.CancellationToken);

        // One frame is longer than the reader's first buffer.
        string[] ids = [.. Enumerable.Range(0, 5000).Select(i => i == 2500 ? new string('x', 200_000) : $"call {i}")];
        for (int i = 0; i < ids.Length; i++)
        {
            left.Send(MessageKind.Read, (uint)i, new CallRequest(new CallId(ids[i])), Protocol.Default.CallRequest);
        }

        left.Complete();
        await writing;
        await reading;

        Assert.Equal(ids.Select((id, i) => (MessageKind.Read, (uint)i, id)), received);
    }

    [Fact]
    public async Task A_frame_of_an_impossible_length_ends_the_connection()
    {
        var (sender, socket) = SocketPair();
        var connection = new FrameConnection(socket);
        sender.Send([0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0, 0]);

        await connection.RunAsync((_, _, _) => Assert.Fail("no frame came"), TestContext.Current.CancellationToken);

        Assert.Equal(0, sender.Receive(new byte[1]));
    }

    private static (FrameConnection Left, FrameConnection Right) Pair()
    {
        var (left, right) = SocketPair();
        return (new FrameConnection(left), new FrameConnection(right));
    }

    private static (Socket Left, Socket Right) SocketPair()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("rtpcluster-").FullName, "s");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Connect(new UnixDomainSocketEndPoint(path));
        var right = listener.Accept();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return (left, right);
    }
}
