using Microsoft.Extensions.Logging;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>What every call actor of a node shares.</summary>
public sealed class CallHost
{
    /// <summary>Options of the call model. New calls take the current value; a running call keeps the one it began with.</summary>
    public required CallConfig Config { get; set; }

    /// <summary>Carries the media.</summary>
    public required IMediaNode Node { get; init; }

    /// <summary>Keeps the calls.</summary>
    public required ICallStore Store { get; init; }

    /// <summary>The time.</summary>
    public Func<Instant> Clock { get; init; } = SystemClock.Now;

    /// <summary>Keys, tags and ids.</summary>
    public IEntropy Entropy { get; init; } = new SystemEntropy();

    /// <summary>The log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Counts sessions.</summary>
    public SessionCounters Sessions { get; } = new();

    /// <summary>Who is due when.</summary>
    internal DeadlineQueue Deadlines { get; } = new();

    /// <summary>Commands that may wait for one call before more are refused.</summary>
    public int MailboxBound { get; init; } = 64;

    /// <summary>A call that nobody said anything to or of for so long, s, is kept in the store only, until somebody does or its next deadline.</summary>
    public int PassivateAfter { get; init; } = 60;

    /// <summary>For which calls this node may act; null: for all.</summary>
    public ICallGate? Gate { get; init; }

    /// <summary>Options of a new call, by the command that makes it: those of the node that is to carry its media. Null: <see cref="Config"/>.</summary>
    public Func<NgCommand, CallConfig>? ConfigForNew { get; init; }

    /// <summary>Options of a stored call. Null: <see cref="Config"/>.</summary>
    public Func<CallState, CallConfig>? ConfigForStored { get; init; }

    /// <summary>Loads a stored call.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer format.</exception>
    internal CallMachine Restore(StoredCall stored) =>
        ConfigForStored is null ? CallMachine.Restore(Config, stored) : CallMachine.Restore(ConfigForStored, stored);

    /// <summary>Called when an actor has no call any more.</summary>
    internal Action<CallActor> Retired { get; set; } = static _ => { };
}
