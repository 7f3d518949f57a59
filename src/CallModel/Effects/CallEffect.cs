using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel;

/// <summary>What the shell must do for a call, in the order the machine gives it.</summary>
public abstract record CallEffect;

/// <summary>Bind ports, then hand the result to <see cref="CallMachine.Handle(Instant, PortsReserved)"/>. The command waits until then.</summary>
public sealed record ReservePorts(IReadOnlyList<PortRequest> Requests) : CallEffect;

/// <summary>Read the call's statistics, then hand them to <see cref="CallMachine.Handle(Instant, StatisticsRead)"/>. The command waits until then.</summary>
public sealed record ReadStatistics : CallEffect;

/// <summary>Give back ports that were reserved for a command that failed.</summary>
public sealed record ReleasePorts(IReadOnlyList<NetEndpoint> Ports) : CallEffect;

/// <summary>Make the state durable.</summary>
public sealed record SaveCall(StoredCall Call) : CallEffect;

/// <summary>Put the plan in force.</summary>
public sealed record PushPlan(MediaPlan Plan) : CallEffect;

/// <summary>Answer the client.</summary>
public sealed record Reply(NgDictionary Body) : CallEffect;

/// <summary>The call is over: remove its media and its stored state.</summary>
public sealed record CallEnded(CallEndReason Reason) : CallEffect;

/// <summary>Log a warning: something the peer's message said that we cannot or need not honour.</summary>
public sealed record Warn(string Text) : CallEffect;

/// <summary>The answer to <see cref="ReservePorts"/>: the first port for each request, or null when none were free.</summary>
public sealed record PortsReserved(IReadOnlyList<ushort>? Ports);

/// <summary>The answer to <see cref="ReadStatistics"/>; null: the node does not know the call.</summary>
public sealed record StatisticsRead(CallStatistics? Statistics);

/// <summary>Why a call ended; the numbers are persisted and reported.</summary>
public enum CallEndReason : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Deleted by its client.</summary>
    Regular = 1,

    /// <summary>By an operator.</summary>
    Forced = 2,

    /// <summary>Silent for longer than option timeout.</summary>
    Timeout = 3,

    /// <summary>Held or muted for longer than option silent-timeout.</summary>
    SilentTimeout = 4,

    /// <summary>Older than option final-timeout.</summary>
    FinalTimeout = 5,

    /// <summary>Not answered within option offer-timeout.</summary>
    OfferTimeout = 6,
}
