using System.Text.Json;
using System.Text.Json.Serialization;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>
/// A media plan as nested arrays of values in a fixed order: the message that every offer and answer sends, so names and defaults would cost
/// more than all the rest. The order is part of <see cref="Protocol.Version"/>.
/// </summary>
internal sealed class PlanConverter : JsonConverter<MediaPlan>
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MediaPlan value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.CallId.Value);
        writer.WriteNumberValue(value.Epoch);
        writer.WriteBooleanValue(value.DropTraffic);
        writer.WriteNumberValue(value.LastSignal.Micros);
        writer.WriteNumberValue(value.Created.Micros);
        writer.WriteNumberValue((int)value.Mos);
        PlanParts.Write(writer, value.Streams, WriteStream);
        writer.WriteEndArray();
    }

    /// <inheritdoc/>
    public override MediaPlan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        PlanParts.Start(reader);
        var plan = new MediaPlan
        {
            CallId = new CallId(PlanParts.Text(ref reader)),
            Epoch = PlanParts.Number(ref reader),
            DropTraffic = PlanParts.Flag(ref reader),
            LastSignal = new Instant(PlanParts.Number(ref reader)),
            Created = new Instant(PlanParts.Number(ref reader)),
            Mos = (MosModel)PlanParts.Number(ref reader),
            Streams = PlanParts.Read(ref reader, ReadStream),
        };
        PlanParts.End(ref reader);
        return plan;
    }

    private static void WriteStream(Utf8JsonWriter writer, StreamPlan value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Id.Value);
        writer.WriteNumberValue((int)value.Kind);
        PlanParts.Write(writer, value.Locals, PlanParts.Write);
        writer.WriteNumberValue(value.Sibling.Value);
        PlanParts.Write(writer, value.Remote);
        PlanParts.Write(writer, value.Learned);
        writer.WriteBooleanValue(value.Filled);
        writer.WriteBooleanValue(value.Public);
        writer.WriteNumberValue((int)value.Learning);
        writer.WriteNumberValue((uint)value.Flags);
        writer.WriteNumberValue(value.Tos);
        PlanParts.Write(writer, value.Decrypt);
        PlanParts.Write(writer, value.Encrypt);
        PlanParts.Write(writer, value.PayloadTypes, PlanParts.Write);
        PlanParts.Write(writer, value.RtpOutputs, PlanParts.Write);
        PlanParts.Write(writer, value.RtcpOutputs, PlanParts.Write);
        writer.WriteNumberValue(value.IdleSeconds);
        writer.WriteNumberValue((int)value.IdleReason);
        PlanParts.Write(writer, value.Checkpoints, PlanParts.Write);
        TransportParts.Write(writer, value.Ice);
        TransportParts.Write(writer, value.Dtls);
        writer.WriteNumberValue(value.Bundle.Value);
        FeedbackParts.Write(writer, value.Feedback);
        FeedbackParts.Write(writer, value.Extensions);
        writer.WriteStringValue(value.Mid);
        writer.WriteNumberValue(value.RtcpFloor);
        writer.WriteEndArray();
    }

    private static StreamPlan ReadStream(ref Utf8JsonReader reader)
    {
        PlanParts.Start(reader);
        var stream = new StreamPlan
        {
            Id = new StreamId((int)PlanParts.Number(ref reader)),
            Kind = (StreamKind)PlanParts.Number(ref reader),
            Locals = PlanParts.Read(ref reader, PlanParts.Endpoint),
            Sibling = new StreamId((int)PlanParts.Number(ref reader)),
            Remote = PlanParts.NextEndpoint(ref reader),
            Learned = PlanParts.NextEndpoint(ref reader),
            Filled = PlanParts.Flag(ref reader),
            Public = PlanParts.Flag(ref reader),
            Learning = (LearningMode)PlanParts.Number(ref reader),
            Flags = (StreamFlags)PlanParts.Number(ref reader),
            Tos = (byte)PlanParts.Number(ref reader),
            Decrypt = PlanParts.NextKeys(ref reader),
            Encrypt = PlanParts.NextKeys(ref reader),
            PayloadTypes = PlanParts.Read(ref reader, PlanParts.PayloadType),
            RtpOutputs = PlanParts.Read(ref reader, PlanParts.Output),
            RtcpOutputs = PlanParts.Read(ref reader, PlanParts.Output),
            IdleSeconds = (int)PlanParts.Number(ref reader),
            IdleReason = (IdleReason)PlanParts.Number(ref reader),
            Checkpoints = PlanParts.Read(ref reader, PlanParts.Checkpoint),
            Ice = TransportParts.NextIce(ref reader),
            Dtls = TransportParts.NextDtls(ref reader),
            Bundle = new StreamId((int)PlanParts.Number(ref reader)),
            Feedback = FeedbackParts.NextFeedback(ref reader),
            Extensions = FeedbackParts.NextExtensions(ref reader),
            Mid = PlanParts.Text(ref reader),
            RtcpFloor = (uint)PlanParts.Number(ref reader),
        };
        PlanParts.End(ref reader);
        return stream;
    }
}
