using Google.Protobuf;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>Between the messages of the wire and the records of the cluster.</summary>
internal static class WireConverter
{
    public static FenceAnswer ToWire(FenceReply reply)
    {
        var answer = new FenceAnswer { Epoch = reply.Highest.Epoch, Incarnation = reply.Highest.Incarnation };
        answer.Calls.AddRange(reply.Calls.Select(ToWire));
        return answer;
    }

    public static FenceReply FromWire(FenceAnswer answer) => new(new(answer.Epoch, answer.Incarnation), [.. answer.Calls.Select(FromWire)]);

    public static CallState ToWire(CallEntry call) => new()
    {
        CallId = call.CallId,
        Epoch = call.Stamp.Token.Epoch,
        Incarnation = call.Stamp.Token.Incarnation,
        Generation = call.Stamp.Generation,
        Version = call.Stamp.Version,
        Tombstone = call.Tombstone,
        State = UnsafeByteOperations.UnsafeWrap(call.State),
        Cookie = call.Answer?.Cookie ?? string.Empty,
        Reply = UnsafeByteOperations.UnsafeWrap(call.Answer?.Reply ?? default),
        StampOnly = call.IsStampOnly,
        Address = call.Address == IpAddress.None ? string.Empty : call.Address.ToString(),
    };

    public static CallEntry FromWire(CallState call) => new(call.CallId, StampOf(call), call.Tombstone, call.State.Memory)
    {
        Answer = call.Cookie.Length == 0 ? null : new(call.Cookie, call.Reply.Memory),
        IsStampOnly = call.StampOnly,
        Address = Address(call.Address),
    };

    public static MediaMessage ToWire(MediaRequest request)
    {
        var message = new MediaMessage
        {
            Shard = request.Shard,
            Epoch = request.Token.Epoch,
            Incarnation = request.Token.Incarnation,
            CallId = request.CallId.Value,
        };
        switch (request)
        {
            case ReserveMedia reserve:
                message.Reserve = new();
                message.Reserve.Ports_.AddRange(reserve.Ports.Select(p => new Port { Address = p.Address.ToString(), Count = p.Count }));
                break;
            case ReleaseMedia release:
                message.Release = new();
                message.Release.Ports_.AddRange(release.Ports.Select(p => new Port { Address = p.Address.ToString(), Port_ = p.Port }));
                break;
            case ApplyMedia apply:
                message.Apply = new() { Call = ToWire(apply.Call) };
                message.Apply.Plan = apply.Plan is null ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(WireJson.Write(apply.Plan));
                break;
            case RemoveMedia remove:
                message.Remove = ToWire(new CallEntry(remove.CallId.Value, remove.Stamp, true, default));
                break;
            default:
                message.Read = true;
                break;
        }

        return message;
    }

    /// <summary>The request; null: of a kind that this version does not know.</summary>
    public static MediaRequest? FromWire(MediaMessage message)
    {
        var token = new FenceToken(message.Epoch, message.Incarnation);
        var callId = new CallId(message.CallId);
        return message.WhatCase switch
        {
            MediaMessage.WhatOneofCase.Reserve => new ReserveMedia(
                message.Shard, token, callId, [.. message.Reserve.Ports_.Select(p => new PortRequest(Address(p.Address), p.Count))]),
            MediaMessage.WhatOneofCase.Release => new ReleaseMedia(
                message.Shard, token, callId, [.. message.Release.Ports_.Select(p => new NetEndpoint(Address(p.Address), (ushort)p.Port_))]),
            MediaMessage.WhatOneofCase.Apply => new ApplyMedia(
                message.Shard, token, callId, FromWire(message.Apply.Call), WireJson.Read<MediaPlan>(message.Apply.Plan.Span)),
            MediaMessage.WhatOneofCase.Remove => new RemoveMedia(message.Shard, token, callId, StampOf(message.Remove)),
            MediaMessage.WhatOneofCase.Read => new ReadMedia(message.Shard, token, callId),
            _ => null,
        };
    }

    public static MediaAnswer ToWire(MediaReply reply)
    {
        var answer = new MediaAnswer
        {
            Outcome = (int)reply.Outcome,
            Epoch = reply.Highest.Epoch,
            Incarnation = reply.Highest.Incarnation,
            Problem = reply.Problem,
            HasPorts = reply.Ports is not null,
            Statistics = reply.Statistics is null ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(WireJson.Write(reply.Statistics)),
        };
        answer.Ports.AddRange((reply.Ports ?? []).Select(p => (int)p));
        return answer;
    }

    public static MediaReply FromWire(MediaAnswer answer) => new((MediaOutcome)answer.Outcome)
    {
        Highest = new(answer.Epoch, answer.Incarnation),
        Problem = answer.Problem,
        Ports = answer.HasPorts ? [.. answer.Ports.Select(p => (ushort)p)] : null,
        Statistics = WireJson.Read<CallStatistics>(answer.Statistics.Span),
    };

    private static CallStamp StampOf(CallState call) => new(new(call.Epoch, call.Incarnation), call.Generation, call.Version);

    private static IpAddress Address(string text) => IpAddress.TryParse(text, out var address) ? address : IpAddress.None;
}
