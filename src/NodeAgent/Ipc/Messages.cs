using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>First words of a controller.</summary>
/// <param name="Version">The protocol it speaks, <see cref="Protocol.Version"/>.</param>
internal sealed record HelloRequest(int Version);

/// <summary>What a media process is and holds.</summary>
internal sealed record HelloReply
{
    /// <summary>The protocol it speaks.</summary>
    public required int Version { get; init; }

    /// <summary>Its process id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The packet tier in use.</summary>
    public required string Tier { get; init; }

    /// <summary>Why it is not a better one; empty when it is what was asked for.</summary>
    public required string TierReason { get; init; }

    /// <summary>The kernel module in use; empty: none.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>Why the kernel's table cannot be had; empty: it can, or was not asked for.</summary>
    public string KernelReason { get; init; } = "";

    /// <summary>Reactor threads.</summary>
    public required int Reactors { get; init; }

    /// <summary>Local addresses it was started for.</summary>
    public required string[] Addresses { get; init; }

    /// <summary>Calls that have a plan.</summary>
    public required CallInventory[] Calls { get; init; }
}

/// <summary>A call in the media process.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Epoch">Epoch of its plan.</param>
/// <param name="Ports">Its bound ports.</param>
/// <param name="Facts">What it has found out since the plan, for a controller that was not there to hear it.</param>
internal sealed record CallInventory(CallId CallId, long Epoch, NetEndpoint[] Ports, FactMessage[] Facts);

/// <summary>Ports to hold or to drop.</summary>
internal sealed record PortsRequest(NetEndpoint[] Ports);

/// <summary>Ports that could not be bound, with the last errno; the others are held.</summary>
internal sealed record HoldReply(NetEndpoint[] Refused, int Errno);

/// <summary>What became of a plan.</summary>
/// <param name="Result"><c>Applied</c>, <c>Duplicate</c> or <c>Stale</c>.</param>
/// <param name="Refused">Ports of the plan that were not bound and could not be.</param>
/// <param name="Errno">Why.</param>
internal sealed record ApplyReply(string Result, NetEndpoint[] Refused, int Errno);

/// <summary>Names a call.</summary>
internal sealed record CallRequest(CallId CallId);

/// <summary>A call's statistics; null: unknown call.</summary>
internal sealed record StatisticsReply(CallStatistics? Statistics);

/// <summary>Why a request failed.</summary>
internal sealed record ErrorReply(string Message);

/// <summary>One fact; exactly one member is set.</summary>
internal sealed record FactMessage
{
    public EndpointLearned? Learned { get; init; }

    public CallIdle? Idle { get; init; }

    public SrtpCheckpointed? Checkpoint { get; init; }

    public DtlsKeyed? Keyed { get; init; }

    /// <summary>The fact inside; null when it is of a kind that this version does not know.</summary>
    public MediaFact? Open() => (MediaFact?)Learned ?? (MediaFact?)Idle ?? (MediaFact?)Checkpoint ?? Keyed;

    /// <summary>Wraps a fact.</summary>
    public static FactMessage Of(MediaFact fact) => new()
    {
        Learned = fact as EndpointLearned,
        Idle = fact as CallIdle,
        Checkpoint = fact as SrtpCheckpointed,
        Keyed = fact as DtlsKeyed,
    };
}
