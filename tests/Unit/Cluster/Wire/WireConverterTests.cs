using System.Text.Json;
using Google.Protobuf;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Cluster.Wire;

public sealed class WireConverterTests
{
    private static readonly CallId s_call = new("call\u00e9@host");
    private static readonly IpAddress s_address = IpAddress.Parse("2001:db8::1");

    [Fact]
    public void A_plan_arrives_as_it_was_sent()
    {
        var keys = new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = [1, 2, 3], MasterSalt = [4, 5] };
        var plan = new MediaPlan
        {
            CallId = s_call,
            Epoch = 7,
            Created = new Instant(123),
            Streams =
            [
                new StreamPlan
                {
                    Id = new StreamId(3),
                    Kind = StreamKind.RtpMux,
                    Locals = [new NetEndpoint(s_address, 4000)],
                    Remote = new NetEndpoint(IpAddress.Parse("192.0.2.9"), 5000),
                    Encrypt = keys,
                    PayloadTypes = [new PayloadTypePlan(8, "PCMA", 8000, 0xd5, 160)],
                    RtpOutputs = [new OutputPlan { To = new StreamId(5), PayloadTypeMaps = [new PayloadTypeMap(8, 0)], Flags = OutputFlags.BlockDtmf }],
                    Checkpoints = [new SrtpCheckpoint(1, true, 2, 3)],
                },
            ],
        };
        var call = new RtpCluster.Cluster.Storage.CallEntry(s_call.Value, new(new(4, 5), 6, 7), false, new byte[] { 9 }) { Answer = new("cookie", new byte[] { 8 }) };
        var back = Assert.IsType<ApplyMedia>(Carry(new ApplyMedia(1, new(4, 5), s_call, call, plan)));
        Assert.Equal(JsonSerializer.Serialize(plan), JsonSerializer.Serialize(back.Plan));
        Assert.Equal((call.Stamp, "cookie", (byte)9), (back.Call.Stamp, back.Call.Answer!.Cookie, back.Call.State.Span[0]));
        Assert.Equal((s_call, new(4, 5)), (back.CallId, back.Token));
    }

    [Fact]
    public void A_stamp_arrives_as_one()
    {
        var call = new RtpCluster.Cluster.Storage.CallEntry("c", new(new(4, 5), 6, 7), false, new byte[] { 9 }) { Address = s_address };
        var back = WireConverter.FromWire(FenceAnswer.Parser.ParseFrom(WireConverter.ToWire(new RtpCluster.Cluster.Sharding.FenceReply(new(4, 5), [call.WithoutState()])).ToByteArray())).Calls[0];
        Assert.Equal((true, call.Stamp, s_address, 0), (back.IsStampOnly, back.Stamp, back.Address, back.State.Length));
    }

    [Fact]
    public void Ports_and_facts_arrive_as_they_were_sent()
    {
        var reserve = Assert.IsType<ReserveMedia>(Carry(new ReserveMedia(1, new(1, 2), s_call, [new PortRequest(s_address, 2)])));
        Assert.Equal([new PortRequest(s_address, 2)], reserve.Ports);
        var release = Assert.IsType<ReleaseMedia>(Carry(new ReleaseMedia(1, new(1, 2), s_call, [new NetEndpoint(s_address, 4001)])));
        Assert.Equal([new NetEndpoint(s_address, 4001)], release.Ports);
        var fact = new EndpointLearned(s_call, new StreamId(2), new NetEndpoint(s_address, 9));
        var (kind, json) = WireJson.WriteFact(fact);
        Assert.Equal(fact, WireJson.ReadFact(kind, json));
        Assert.Null(WireJson.ReadFact("SomethingNewer", json));
    }

    private static MediaRequest? Carry(MediaRequest request) => WireConverter.FromWire(MediaMessage.Parser.ParseFrom(WireConverter.ToWire(request).ToByteArray()));
}
