namespace RtpCluster.NodeAgent.Ipc;

/// <summary>What a frame between the node agent and the media process is. Requests are answered by a frame of the same kind and number.</summary>
internal enum MessageKind : byte
{
    /// <summary>Who are you: <see cref="HelloRequest"/>, <see cref="HelloReply"/>.</summary>
    Hello = 1,

    /// <summary>Hold ports for calls to come: <see cref="PortsRequest"/>, <see cref="HoldReply"/>.</summary>
    Hold = 2,

    /// <summary>Give up held ports: <see cref="PortsRequest"/>, an empty <see cref="HoldReply"/>.</summary>
    Drop = 3,

    /// <summary>Put a plan in force: a media plan, <see cref="ApplyReply"/>.</summary>
    Apply = 4,

    /// <summary>End a call: <see cref="CallRequest"/>, <see cref="StatisticsReply"/>.</summary>
    Remove = 5,

    /// <summary>Read a call: <see cref="CallRequest"/>, <see cref="StatisticsReply"/>.</summary>
    Read = 6,

    /// <summary>Read the totals: no payload, media totals.</summary>
    Totals = 7,

    /// <summary>End the process: no payload either way.</summary>
    Shutdown = 8,

    /// <summary>The request failed: <see cref="ErrorReply"/>.</summary>
    Error = 9,

    /// <summary>Unasked, upwards: <see cref="FactMessage"/>.</summary>
    Fact = 16,

    /// <summary>Unasked, upwards: another controller has taken over; do not come back.</summary>
    Replaced = 17,
}
