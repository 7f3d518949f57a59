using System.Text.Json;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>The ICE and DTLS parts of a stream's plan for <see cref="PlanConverter"/>; null where there is none.</summary>
internal static class TransportParts
{
    public static void Write(Utf8JsonWriter writer, IcePlan? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        writer.WriteStringValue(value.LocalUfrag);
        writer.WriteStringValue(value.LocalPassword);
        writer.WriteStringValue(value.RemoteUfrag);
        writer.WriteStringValue(value.RemotePassword);
        writer.WriteNumberValue(value.Component);
        writer.WriteBooleanValue(value.Controlling);
        writer.WriteNumberValue(value.TieBreaker);
        writer.WriteBooleanValue(value.Lite);
        writer.WriteBooleanValue(value.EndOfCandidates);
        PlanParts.Write(writer, value.Candidates, Write);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, DtlsPlan? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.Association);
        writer.WriteNumberValue((int)value.Role);
        writer.WriteStringValue(value.FingerprintHash);
        writer.WriteBase64StringValue(value.Fingerprint);
        writer.WriteBase64StringValue(value.Certificate?.Certificate ?? []);
        writer.WriteBase64StringValue(value.Certificate?.PrivateKey ?? []);
        writer.WriteEndArray();
    }

    public static IcePlan? NextIce(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        PlanParts.Start(reader);
        var plan = new IcePlan
        {
            LocalUfrag = PlanParts.Text(ref reader),
            LocalPassword = PlanParts.Text(ref reader),
            RemoteUfrag = PlanParts.Text(ref reader),
            RemotePassword = PlanParts.Text(ref reader),
            Component = (byte)PlanParts.Number(ref reader),
            Controlling = PlanParts.Flag(ref reader),
            TieBreaker = PlanParts.Unsigned(ref reader),
            Lite = PlanParts.Flag(ref reader),
            EndOfCandidates = PlanParts.Flag(ref reader),
            Candidates = PlanParts.Read(ref reader, Candidate),
        };
        PlanParts.End(ref reader);
        return plan;
    }

    public static DtlsPlan? NextDtls(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        PlanParts.Start(reader);
        int association = (int)PlanParts.Number(ref reader);
        var role = (DtlsRole)PlanParts.Number(ref reader);
        string hash = PlanParts.Text(ref reader);
        byte[] fingerprint = PlanParts.Bytes(ref reader);
        byte[] certificate = PlanParts.Bytes(ref reader);
        byte[] key = PlanParts.Bytes(ref reader);
        PlanParts.End(ref reader);
        return new DtlsPlan
        {
            Association = association,
            Role = role,
            FingerprintHash = hash,
            Fingerprint = fingerprint,
            Certificate = certificate.Length == 0 ? null : new DtlsCertificate { Certificate = certificate, PrivateKey = key },
        };
    }

    private static void Write(Utf8JsonWriter writer, IceCandidatePlan value)
    {
        writer.WriteStartArray();
        PlanParts.Write(writer, value.Endpoint);
        writer.WriteNumberValue(value.Priority);
        writer.WriteNumberValue((int)value.Type);
        writer.WriteEndArray();
    }

    private static IceCandidatePlan Candidate(ref Utf8JsonReader reader)
    {
        PlanParts.Start(reader);
        var candidate = new IceCandidatePlan(
            PlanParts.NextEndpoint(ref reader), (uint)PlanParts.Number(ref reader), (IceCandidateType)PlanParts.Number(ref reader));
        PlanParts.End(ref reader);
        return candidate;
    }
}
