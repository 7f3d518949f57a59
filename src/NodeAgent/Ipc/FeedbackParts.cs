using System.Text.Json;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>The feedback and header extension parts of a stream's plan for <see cref="PlanConverter"/>.</summary>
internal static class FeedbackParts
{
    public static void Write(Utf8JsonWriter writer, FeedbackPlan? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.LocalSsrc);
        writer.WriteNumberValue((byte)value.Flags);
        PlanParts.Write(writer, value.Layers, Write);
        writer.WriteNumberValue(value.SendSsrc);
        writer.WriteNumberValue(value.RetransmitSsrc);
        PlanParts.Write(writer, value.RetransmitTypes, PlanParts.Write);
        PlanParts.Write(writer, value.RepairTypes, PlanParts.Write);
        PlanParts.Write(writer, value.Repairs, Write);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, ExtensionIds value) => writer.WriteBase64StringValue(
        [value.Mid, value.Rid, value.RepairedRid, value.TransportWide, value.SendTime, value.AudioLevel]);

    public static FeedbackPlan? NextFeedback(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        PlanParts.Start(reader);
        var plan = new FeedbackPlan
        {
            LocalSsrc = (uint)PlanParts.Number(ref reader),
            Flags = (FeedbackFlags)PlanParts.Number(ref reader),
            Layers = PlanParts.Read(ref reader, Layer),
            SendSsrc = (uint)PlanParts.Number(ref reader),
            RetransmitSsrc = (uint)PlanParts.Number(ref reader),
            RetransmitTypes = PlanParts.Read(ref reader, PlanParts.Map),
            RepairTypes = PlanParts.Read(ref reader, PlanParts.Map),
            Repairs = PlanParts.Read(ref reader, Repair),
        };
        PlanParts.End(ref reader);
        return plan;
    }

    public static ExtensionIds NextExtensions(ref Utf8JsonReader reader)
    {
        byte[] ids = PlanParts.Bytes(ref reader);
        return ids is [var mid, var rid, var repaired, var transport, var time, var level]
            ? new ExtensionIds(mid, rid, repaired, transport, time, level)
            : throw new JsonException("not the ids of six extensions");
    }

    private static void Write(Utf8JsonWriter writer, LayerPlan value)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Rid);
        writer.WriteNumberValue(value.Ssrc);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, RepairPlan value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Ssrc);
        writer.WriteNumberValue(value.Media);
        writer.WriteEndArray();
    }

    private static RepairPlan Repair(ref Utf8JsonReader reader)
    {
        PlanParts.Start(reader);
        var repair = new RepairPlan((uint)PlanParts.Number(ref reader), (uint)PlanParts.Number(ref reader));
        PlanParts.End(ref reader);
        return repair;
    }

    private static LayerPlan Layer(ref Utf8JsonReader reader)
    {
        PlanParts.Start(reader);
        var layer = new LayerPlan(PlanParts.Text(ref reader), (uint)PlanParts.Number(ref reader));
        PlanParts.End(ref reader);
        return layer;
    }
}
