using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.Media.Ice;
using RtpCluster.Media.Stun;

namespace RtpCluster.Fuzz.Targets;

/// <summary>STUN and DTLS from strangers: nothing throws, nothing changes, nothing piles up.</summary>
internal static class TransportTargets
{
    private static readonly Instant Now = new(1_790_000_000_000_000);
    private static readonly NetEndpoint Local = NetEndpoint.Parse("203.0.113.1:30000");
    private static readonly NetEndpoint Stranger = NetEndpoint.Parse("198.51.100.66:6666");
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(Now);
    private static readonly DtlsContext Context = new(Certificate);

    private static readonly DtlsPlan Plan = new()
    {
        Association = 1,
        Role = DtlsRole.Passive,
        Certificate = Certificate,
        FingerprintHash = "sha-256",
        Fingerprint = new byte[32],
    };

    private static readonly IceAgent Agent = MakeAgent();
    private static readonly (IceState State, Instant? NextDeadline) Untouched = (Agent.State, Agent.NextDeadline);
    private static DtlsEndpoint s_endpoint = new(Context, Plan);
    private static int s_uses;

    private static readonly MemoryBound Memory = new(inputs: 50_000, megabytes: 32);

    /// <summary>Checks and answers, real ones to begin with.</summary>
    public static byte[][] StunCorpus { get; } = [Message(StunClass.Request), Message(StunClass.Success), Message(StunClass.Error)];

    /// <summary>A ClientHello to begin with, and an alert.</summary>
    public static byte[][] DtlsCorpus { get; } = [ClientHello(), [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 40]];

    /// <summary>An agent's state stays what it is: whoever does not know the password changes nothing.</summary>
    public static void Stun(byte[] packet)
    {
        if (StunMessage.TryParse(packet, out var message))
        {
            message.TryGetMappedAddress(out _);
            message.UnknownAttributes(stackalloc ushort[8]);
            _ = message.Username;
            _ = message.ErrorCode;
        }

        bool accepted = Agent.Receive(Now, 0, Stranger, packet);
        FuzzFailure.Unless(Agent.Path is null && !Agent.AcceptedPaths.Any(), "a stranger made a pair");
        FuzzFailure.Unless(!accepted || message.Class == StunClass.Indication, "a stranger was believed");
        FuzzFailure.Unless(!Agent.TryGetTransmit(out _), "a stranger was answered");
        FuzzFailure.Unless(Agent.State == Untouched.State && Agent.NextDeadline == Untouched.NextDeadline, "a stranger changed the agent");
        Memory.Check();
    }

    /// <summary>A server end gets anything at all; it gives no keys. Its object serves many inputs, as a real one would.</summary>
    public static void Dtls(byte[] packet)
    {
        if (DtlsEndpoint.IsDtls(packet))
        {
            s_endpoint.Receive(packet);
        }

        while (s_endpoint.TryGetTransmit(out byte[] answer))
        {
            FuzzFailure.Unless(answer.Length <= 1200, "a datagram that is too long");
        }

        FuzzFailure.Unless(s_endpoint.State != DtlsState.Keyed, "a stranger got keys");
        if (s_endpoint.State == DtlsState.Failed || ++s_uses % 50 == 0)
        {
            s_endpoint.Dispose();
            s_endpoint = new DtlsEndpoint(Context, Plan);
        }

        Memory.Check();
    }

    private static IceAgent MakeAgent()
    {
        var agent = new IceAgent(new Zeros(), "fuzz");
        agent.Update(Now, new IcePlan { LocalUfrag = "evtj", LocalPassword = "a password that nobody knows" }, [Local], default);
        return agent;
    }

    private static byte[] Message(StunClass type)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, type, new byte[StunMessage.TransactionIdSize]);
        writer.Add(StunAttribute.Username, "evtj:h6vY"u8);
        writer.Add(StunAttribute.Priority, 1u);
        writer.Add(StunAttribute.IceControlling, 2ul);
        writer.AddMappedAddress(Stranger);
        writer.AddError(StunError.RoleConflict, "Role Conflict"u8);
        writer.AddIntegrity("another password"u8);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private static byte[] ClientHello()
    {
        using var client = new DtlsEndpoint(Context, Plan with { Role = DtlsRole.Active });
        return client.TryGetTransmit(out byte[] hello) ? hello : [];
    }

    private sealed class Zeros : IEntropy
    {
        public void Fill(Span<byte> target) => target.Clear();
    }
}
