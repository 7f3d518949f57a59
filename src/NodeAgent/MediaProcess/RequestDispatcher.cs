using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// Turns a controller's frames into work for reactors and their answers into frames. Requests of one call go to one reactor, so they run in
/// the order in which they came.
/// </summary>
internal sealed class RequestDispatcher(MediaPlane plane, ControllerSlot slot, FrameConnection connection, Action shutdown)
{
    private readonly Action _flush = connection.Flush;

    /// <summary>The frames that came together are through: has the reactors run what they asked for.</summary>
    public void Paused() => plane.Wake();

    /// <summary>Takes one frame. Runs on the connection's reading thread.</summary>
    public void Handle(MessageKind kind, uint id, ReadOnlySpan<byte> payload)
    {
        try
        {
            Dispatch(kind, id, payload);
        }
        catch (JsonException e)
        {
            Fail(id, $"bad {kind} request: {e.Message}");
        }
    }

    private void Dispatch(MessageKind kind, uint id, ReadOnlySpan<byte> payload)
    {
        var json = Protocol.Default;
        switch (kind)
        {
            case MessageKind.Hello:
                Hello(id, Parse(payload, json.HelloRequest));
                break;
            case MessageKind.Hold:
                connection.Send(kind, id, plane.Tier.Held.Hold(Parse(payload, json.PortsRequest).Ports), json.HoldReply);
                break;
            case MessageKind.Drop:
                plane.Tier.Held.Drop(Parse(payload, json.PortsRequest).Ports);
                connection.Send(kind, id, new HoldReply([], Errno.None), json.HoldReply);
                break;
            case MessageKind.Apply:
                var plan = Parse(payload, json.MediaPlan);
                OnReactor(plan.CallId, kind, id, r => r.Apply(plan), json.ApplyReply);
                break;
            case MessageKind.Remove:
                var remove = Parse(payload, json.CallRequest);
                OnReactor(remove.CallId, kind, id, r => r.Remove(remove.CallId), json.StatisticsReply);
                break;
            case MessageKind.Read:
                var read = Parse(payload, json.CallRequest);
                OnReactor(read.CallId, kind, id, r => new StatisticsReply(r.Engine.Read(read.CallId)), json.StatisticsReply);
                break;
            case MessageKind.Totals:
                plane.OnAll(TotalsReader.Read, parts => connection.Send(kind, id, TotalsReader.Sum(parts, plane), json.MediaTotals));
                break;
            case MessageKind.Shutdown:
                connection.Send(kind, id);
                shutdown();
                break;
            default:
                Fail(id, $"unknown request {(byte)kind}");
                break;
        }
    }

    private void Hello(uint id, HelloRequest request)
    {
        if (request.Version != Protocol.Version)
        {
            Fail(id, $"protocol {request.Version} is not spoken here, only {Protocol.Version}");
            return;
        }

        plane.Tier.Held.DropAll();
        plane.OnAll(r => r.Calls.Inventory(), parts =>
        {
            connection.Send(MessageKind.Hello, id, plane.Describe([.. parts.SelectMany(p => p)]), Protocol.Default.HelloReply);
            slot.Enter(connection);
        });
    }

    private void OnReactor<T>(CallId callId, MessageKind kind, uint id, Func<Reactor, T> work, JsonTypeInfo<T> type)
        where T : class =>
        plane.OnCall(callId, reactor =>
        {
            T reply;
            try
            {
                reply = work(reactor);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException)
            {
                // A plan that the engine cannot take harms its own call only.
                Fail(id, $"{kind} of {callId}: {e.Message}");
                return;
            }

            connection.Queue(kind, id, reply, type);
            reactor.AfterCommands(_flush);
        });

    private void Fail(uint id, string message) => connection.Send(MessageKind.Error, id, new ErrorReply(message), Protocol.Default.ErrorReply);

    private static T Parse<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(payload, type) ?? throw new JsonException("null");
}
