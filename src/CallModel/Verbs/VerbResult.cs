using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>What becomes of the working copy after a verb.</summary>
public enum VerbOutcome
{
    /// <summary>It is thrown away: the verb only looked, or failed.</summary>
    Discard,

    /// <summary>It becomes the call: save, push its plan, reply.</summary>
    Commit,

    /// <summary>It becomes the call, but its media stays as it is: save and reply.</summary>
    CommitQuietly,

    /// <summary>The call is over.</summary>
    End,
}

/// <summary>The result of a verb: the reply and what to do with the working copy.</summary>
public readonly record struct VerbResult(VerbOutcome Outcome, NgDictionary Reply)
{
    /// <summary>The verb failed: nothing happened.</summary>
    public static VerbResult Fail(string reason) => new(VerbOutcome.Discard, NgReplies.Error(reason));

    /// <summary>The verb only looked.</summary>
    public static VerbResult Look(NgDictionary reply) => new(VerbOutcome.Discard, reply);

    /// <summary>The verb changed the call and its media.</summary>
    public static VerbResult Commit(NgDictionary reply) => new(VerbOutcome.Commit, reply);

    /// <summary>The verb changed the call, not its media.</summary>
    public static VerbResult CommitQuietly(NgDictionary reply) => new(VerbOutcome.CommitQuietly, reply);

    /// <summary>The verb ended the call.</summary>
    public static VerbResult End(NgDictionary reply) => new(VerbOutcome.End, reply);
}
