using RtpCluster.Contracts;

namespace RtpCluster.Unit.NodeAgent;

/// <summary>Plans for two remotes that talk to each other through two of our ports.</summary>
internal static class TestPlans
{
    public static MediaPlan TwoWay(string callId, NetEndpoint left, NetEndpoint right, NetEndpoint leftRemote, NetEndpoint rightRemote, long epoch = 1) => new()
    {
        CallId = new CallId(callId),
        Epoch = epoch,
        Streams = [Stream(1, left, leftRemote, 2), Stream(2, right, rightRemote, 1)],
    };

    private static StreamPlan Stream(int id, NetEndpoint local, NetEndpoint remote, int to) => new()
    {
        Id = new StreamId(id),
        Kind = StreamKind.Rtp,
        Locals = [local],
        Remote = remote,
        Filled = true,
        Public = true,
        Learning = LearningMode.Immediate,
        Flags = StreamFlags.MaySend | StreamFlags.MayReceive | StreamFlags.CountsAsReceiving,
        PayloadTypes = [new PayloadTypePlan(8, "PCMA", 8000)],
        RtpOutputs = [new OutputPlan { To = new StreamId(to) }],
        RtcpOutputs = [new OutputPlan { To = new StreamId(to) }],
    };

    /// <summary>An RTP packet of 172 bytes.</summary>
    public static byte[] Rtp(ushort sequence, uint ssrc = 0x11223344)
    {
        byte[] packet = new byte[172];
        packet[0] = 0x80;
        packet[1] = 8;
        packet[2] = (byte)(sequence >> 8);
        packet[3] = (byte)sequence;
        packet[6] = (byte)(sequence * 160 >> 8);
        packet[7] = (byte)(sequence * 160);
        packet[8] = (byte)(ssrc >> 24);
        packet[9] = (byte)(ssrc >> 16);
        packet[10] = (byte)(ssrc >> 8);
        packet[11] = (byte)ssrc;
        packet.AsSpan(12).Fill(0xd5);
        return packet;
    }
}
