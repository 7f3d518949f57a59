using System.Text.Json;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.Unit.NodeAgent.Ipc;

public class ProtocolTests
{
    [Fact]
    public void A_plan_with_everything_in_it_arrives_as_it_was_sent()
    {
        var keys = new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = new byte[16], MasterSalt = new byte[14], Mki = [1, 2] };
        var plan = new MediaPlan
        {
            CallId = new CallId("a\u00e9\u0001\"b"),
            Epoch = 7,
            DropTraffic = true,
            LastSignal = new Instant(5),
            Created = new Instant(4),
            Mos = MosModel.Legacy,
            Streams =
            [
                new StreamPlan
                {
                    Id = new StreamId(0),
                    Kind = StreamKind.Rtp,
                    Locals = [NetEndpoint.Parse("[2001:db8::1]:30000")],
                    Sibling = new StreamId(0),
                    Remote = NetEndpoint.Parse("192.0.2.1:5004"),
                    Learning = LearningMode.Off,
                    Flags = StreamFlags.MaySend | StreamFlags.BlockShort,
                    Tos = 184,
                    Bundle = new StreamId(5),
                    Decrypt = keys,
                    PayloadTypes = [new PayloadTypePlan(8, "PCMA", 8000, 0xd5, 160)],
                    RtpOutputs = [new OutputPlan { To = new StreamId(0), PayloadTypeMaps = [new(96, 97)], StripExtensions = [3] }],
                    Checkpoints = [new SrtpCheckpoint(uint.MaxValue, true, (1UL << 48) - 1, 9)],
                    Ice = new IcePlan
                    {
                        LocalUfrag = "us",
                        LocalPassword = "secret",
                        Component = 2,
                        Controlling = true,
                        TieBreaker = ulong.MaxValue,
                        Candidates = [new IceCandidatePlan(NetEndpoint.Parse("192.0.2.1:5004"), uint.MaxValue, IceCandidateType.Relay)],
                    },
                    Dtls = new DtlsPlan
                    {
                        Association = 3,
                        Role = DtlsRole.Active,
                        FingerprintHash = "sha-256",
                        Fingerprint = [1, 2],
                        Certificate = new DtlsCertificate { Certificate = [1, 2, 3, 4], PrivateKey = [5] },
                    },
                },
            ],
        };

        byte[] sent = JsonSerializer.SerializeToUtf8Bytes(plan, Protocol.Default.MediaPlan);
        var received = JsonSerializer.Deserialize(sent, Protocol.Default.MediaPlan)!;

        Assert.Equal(sent, JsonSerializer.SerializeToUtf8Bytes(received, Protocol.Default.MediaPlan));
        Assert.Equal(plan.CallId, received.CallId);
        Assert.Equal(LearningMode.Off, received.Streams[0].Learning);
        Assert.Equal(new StreamId(0), received.Streams[0].Sibling);
        Assert.Equal(keys, received.Streams[0].Decrypt);
        Assert.True(received.Streams[0].Learned.IsNone);
        Assert.Equal(plan.Streams[0].PayloadTypes, received.Streams[0].PayloadTypes);
        Assert.Equal(plan.Streams[0].Checkpoints, received.Streams[0].Checkpoints);
        Assert.Equal(plan.Streams[0].Ice!.Candidates, received.Streams[0].Ice!.Candidates);
        Assert.Equal(new StreamId(5), received.Streams[0].Bundle);
        Assert.Equal(ulong.MaxValue, received.Streams[0].Ice!.TieBreaker);
        Assert.Equal(plan.Streams[0].Dtls!.Certificate, received.Streams[0].Dtls!.Certificate);
    }

    [Fact]
    public void Every_kind_of_fact_comes_out_as_it_went_in()
    {
        MediaFact[] facts =
        [
            new EndpointLearned(new CallId("c"), new StreamId(1), NetEndpoint.Parse("192.0.2.1:9")),
            new CallIdle(new CallId("c"), 3, IdleReason.OfferTimeout),
            new SrtpCheckpointed(new CallId("c"), new StreamId(1), new SrtpCheckpoint(1, false, 65536, 0)),
            new DtlsKeyed(new CallId("c"), new StreamId(1), 2, Keys(1), Keys(2)),
        ];

        foreach (var fact in facts)
        {
            byte[] sent = JsonSerializer.SerializeToUtf8Bytes(FactMessage.Of(fact), Protocol.Default.FactMessage);
            Assert.Equal(fact, JsonSerializer.Deserialize(sent, Protocol.Default.FactMessage)!.Open());
        }
    }

    private static SrtpKeys Keys(byte first) =>
        new() { Suite = SrtpSuite.AeadAes256Gcm, MasterKey = [first, .. new byte[31]], MasterSalt = new byte[12] };
}
