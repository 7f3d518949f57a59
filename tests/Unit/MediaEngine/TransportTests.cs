using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Transports;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>ICE and DTLS beside the packet path: two nodes that meet over them, and what either lets through before and after.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly TransportNode _a = new("a", "192.0.2.1", controlling: true);
    private readonly TransportNode _b = new("b", "198.51.100.1", controlling: false);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public void Media_flows_encrypted_once_ice_and_dtls_are_done()
    {
        _a.Apply(_b, epoch: 1);
        _b.Apply(_a, epoch: 1);
        Assert.Empty(_a.SendPlain(1));

        Exchange();

        var wire = Assert.Single(_a.SendPlain(2));
        Assert.Equal(_b.Outer, wire.Remote);
        var plain = Assert.Single(_b.Receive(_a.Outer, wire.Packet));
        Assert.Equal(TransportNode.Rtp(2), plain.Packet);
        Assert.NotEqual(wire.Packet, plain.Packet);
    }

    [Fact]
    public void The_keys_and_the_path_go_up_as_facts()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1);

        Exchange();

        var keyedA = Assert.Single(_a.Facts.OfType<DtlsKeyed>());
        var keyedB = Assert.Single(_b.Facts.OfType<DtlsKeyed>());
        Assert.Equal(keyedA.Encrypt, keyedB.Decrypt);
        Assert.Equal(_b.Outer, _a.Facts.OfType<EndpointLearned>().Last().Endpoint);
    }

    [Fact]
    public void Whoever_takes_over_with_these_facts_needs_no_handshake()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1);
        Exchange();
        var keyed = _a.Facts.OfType<DtlsKeyed>().Single();
        using var heir = new TransportNode("a", "192.0.2.1", controlling: true);

        heir.Apply(_b, 2, s => s with { Decrypt = keyed.Decrypt, Encrypt = keyed.Encrypt, Learned = _b.Outer });

        var wire = Assert.Single(heir.SendPlain(3));
        Assert.Equal(_b.Outer, wire.Remote);
        Assert.Equal(TransportNode.Rtp(3), Assert.Single(_b.Receive(_a.Outer, wire.Packet)).Packet);
        Assert.Equal(0, heir.Transports.Counters.HandshakesDone);
    }

    [Fact]
    public void A_later_plan_that_does_not_know_the_keys_yet_keeps_them()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1);
        Exchange();

        _a.Apply(_b, 2);

        Assert.Single(_a.SendPlain(4));
    }

    [Fact]
    public void Another_association_needs_another_handshake()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1);
        Exchange();

        _a.Apply(_b, 2, s => s with { Dtls = s.Dtls! with { Association = 2 } });
        Assert.Empty(_a.SendPlain(5));
        _b.Apply(_a, 2, s => s with { Dtls = s.Dtls! with { Association = 2 } });
        Exchange();

        Assert.Equal(TransportNode.Rtp(6), Assert.Single(_b.Receive(_a.Outer, Assert.Single(_a.SendPlain(6)).Packet)).Packet);
    }

    [Fact]
    public void A_client_hello_that_is_faster_than_the_answer_is_not_lost()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1, s => s with { Dtls = s.Dtls! with { FingerprintHash = "" } });
        Exchange();
        Assert.Empty(_b.Facts.OfType<DtlsKeyed>());

        _b.Apply(_a, 2);
        Exchange();

        Assert.Single(_b.Facts.OfType<DtlsKeyed>());
    }

    [Fact]
    public void An_early_client_hello_is_answered_from_the_port_it_came_to()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1, Unanswered);
        Exchange();

        _b.Apply(_a, 2, s => SecondPort(s) with { Ice = Unanswered(s).Ice });

        var flight = _b.Transmits().FindAll(d => DtlsEndpoint.IsDtls(d.Bytes));
        Assert.NotEmpty(flight);
        Assert.All(flight, d => Assert.Equal(_b.Outer, d.Local));

        static StreamPlan SecondPort(StreamPlan s) => s with { Locals = [NetEndpoint.Parse("[2001:db8::1]:30002"), .. s.Locals] };

        static StreamPlan Unanswered(StreamPlan s) => SecondPort(s) with
        {
            Ice = s.Ice! with { RemoteUfrag = "", RemotePassword = "", Candidates = [] },
            Dtls = s.Dtls! with { FingerprintHash = "" },
        };
    }

    [Fact]
    public void Packets_from_an_address_without_a_valid_pair_are_dropped()
    {
        _a.Apply(_b, 1);
        _b.Apply(_a, 1);
        Exchange();
        var wire = Assert.Single(_a.SendPlain(7));

        Assert.Empty(_b.Receive(NetEndpoint.Parse("203.0.113.5:5"), wire.Packet));

        Assert.Equal(1, _b.Engine.Counters.Drops(DropReason.NoIcePair));
    }

    [Fact]
    public void What_comes_over_another_pair_does_not_change_the_port_that_ice_has_chosen()
    {
        var other = NetEndpoint.Parse("[2001:db8::1]:30002");
        _a.Apply(_b, 1);
        _b.Apply(_a, 1, s => s with { Locals = [.. s.Locals, other] });
        Exchange();

        Assert.Single(_b.Receive(_a.Outer, Assert.Single(_a.SendPlain(8)).Packet, other));

        var wire = Assert.Single(_b.SendPlain(9));
        Assert.Equal((_b.Outer, _a.Outer), (wire.Local, wire.Remote));
    }

    [Fact]
    public void No_more_handshakes_are_half_open_than_allowed()
    {
        using var busy = new TransportNode("b", "198.51.100.1", controlling: false, maxHalfOpen: 0);
        _a.Apply(busy, 1);
        busy.Apply(_a, 1);

        Carry(_a, busy);

        Assert.Equal(0, busy.Transports.Counters.HalfOpen);
        Assert.True(busy.Transports.Counters.HandshakesRefused > 0);
    }

    private void Exchange() => Carry(_a, _b);

    private static void Carry(TransportNode a, TransportNode b)
    {
        for (int i = 0; i < 200; i++)
        {
            a.Step(b);
            b.Step(a);
        }
    }
}

/// <summary>A reactor's engine and the ICE and DTLS engine beside it, with virtual time: plain RTP on one side, ICE and DTLS on the other.</summary>
internal sealed class TransportNode : IDisposable
{
    private static readonly StreamId Inner = new(1);
    private static readonly StreamId OuterStream = new(2);
    private readonly CollectingBatch _batch = new();
    private readonly DtlsCertificate _certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private readonly string _name;
    private readonly bool _controlling;
    private readonly NetEndpoint _inner;
    private readonly NetEndpoint _phone = NetEndpoint.Parse("203.0.113.1:7000");
    private Instant _now = new(1_790_000_000_000_000);

    public TransportNode(string name, string address, bool controlling, int maxHalfOpen = 10)
    {
        _name = name;
        _controlling = controlling;
        _inner = NetEndpoint.Parse(address + ":30000");
        Outer = NetEndpoint.Parse(address + ":30002");
        Transports = new TransportEngine(new Seeded(name[0]), "test") { MaxHalfOpen = maxHalfOpen };
    }

    public NetEndpoint Outer { get; }

    public ReactorEngine Engine { get; } = new(new EngineOptions());

    public TransportEngine Transports { get; }

    public List<MediaFact> Facts { get; } = [];

    public static byte[] Rtp(ushort sequence) => [0x80, 8, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 160, 1, 2, 3, 4, .. new byte[160]];

    public void Apply(TransportNode remote, long epoch, Func<StreamPlan, StreamPlan>? change = null)
    {
        const StreamFlags flags = StreamFlags.MaySend | StreamFlags.MayReceive;
        var outer = new StreamPlan
        {
            Id = OuterStream,
            Kind = StreamKind.RtpMux,
            Locals = [Outer],
            Filled = true,
            Public = true,
            Flags = flags,
            Learning = LearningMode.Ice,
            RtpOutputs = [new OutputPlan { To = Inner }],
            Ice = new IcePlan
            {
                LocalUfrag = _name,
                LocalPassword = "password of " + _name,
                RemoteUfrag = remote._name,
                RemotePassword = "password of " + remote._name,
                Controlling = _controlling,
                TieBreaker = 1,
                Candidates = [new IceCandidatePlan(remote.Outer, 1, IceCandidateType.Host)],
            },
            Dtls = new DtlsPlan
            {
                Association = 1,
                Role = _controlling ? DtlsRole.Active : DtlsRole.Passive,
                FingerprintHash = "sha-256",
                Fingerprint = DtlsCertificates.Fingerprint(remote._certificate.Certificate, "sha-256"),
                Certificate = _certificate,
            },
        };
        var inner = new StreamPlan
        {
            Id = Inner,
            Kind = StreamKind.RtpMux,
            Locals = [_inner],
            Remote = _phone,
            Filled = true,
            Public = true,
            Flags = flags,
            Learning = LearningMode.Off,
            RtpOutputs = [new OutputPlan { To = OuterStream }],
        };
        var plan = new MediaPlan { CallId = new CallId("c"), Epoch = epoch, Streams = [inner, change is null ? outer : change(outer)] };
        Engine.Apply(_now, plan, _batch);
        Transports.Apply(_now, 0, plan);
        TakeFindings();
    }

    /// <summary>Twenty milliseconds pass; what has been sent reaches the other.</summary>
    public void Step(TransportNode other)
    {
        _now = _now.AddMillis(20);
        Transports.Tick(_now);
        TakeFindings();
        foreach (var datagram in Transmits().Where(d => d.Remote == other.Outer))
        {
            other.Receive(datagram.Local, datagram.Bytes);
        }
    }

    /// <summary>What it has to send, taken.</summary>
    public List<TransportDatagram> Transmits()
    {
        var transmits = new List<TransportDatagram>();
        while (Transports.TryGetTransmit(out var datagram))
        {
            transmits.Add(datagram);
        }

        return transmits;
    }

    public IReadOnlyList<(NetEndpoint Local, NetEndpoint Remote, byte[] Packet)> SendPlain(ushort sequence) => Feed(_inner, _phone, Rtp(sequence));

    public IReadOnlyList<(NetEndpoint Local, NetEndpoint Remote, byte[] Packet)> Receive(NetEndpoint source, byte[] packet, NetEndpoint? local = null)
    {
        var media = Feed(local ?? Outer, source, packet);
        while (Engine.Handover.TryPeek(out var handed, out var bytes))
        {
            Transports.Receive(_now, handed, bytes);
            Engine.Handover.Next();
        }

        TakeFindings();
        return media;
    }

    public void Dispose() => Transports.Dispose();

    private List<(NetEndpoint Local, NetEndpoint Remote, byte[] Packet)> Feed(NetEndpoint local, NetEndpoint source, byte[] packet)
    {
        Assert.True(Engine.TryFindPort(local, out var port));
        var buffer = new byte[2048];
        packet.CopyTo(buffer, 0);
        Engine.Receive(_now, port, source, buffer, packet.Length, _batch);
        return [.. _batch.Take().Select(s => (s.Local, s.Remote, s.Bytes))];
    }

    private void TakeFindings()
    {
        while (Transports.TryGetChange(out var finding))
        {
            Engine.SetTransport(_now, finding);
        }

        while (Engine.TryGetFact(out var fact))
        {
            Facts.Add(fact);
        }
    }

    private sealed class Seeded(int seed) : IEntropy
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> target) => _random.NextBytes(target);
    }
}
