namespace RtpCluster.Cluster.Addresses;

/// <summary>Times of floating addresses, in ms. docs/cluster.md says how they hang together.</summary>
public sealed record AddressTimers
{
    /// <summary>How long an address stays its holder's without renewal. Default 400.</summary>
    public int Lease { get; init; } = 400;

    /// <summary>Between two renewals, and between two looks at another's lease. Default 100.</summary>
    public int Step { get; init; } = 100;

    /// <summary>Between two questions on the link, which is also how long an answer may take. Default 60.</summary>
    public int Probe { get; init; } = 60;

    /// <summary>Unanswered questions after which nobody has the address. Default 3.</summary>
    public int ProbeMisses { get; init; } = 3;

    /// <summary>How long a holder that was told to go is waited for. Default 150.</summary>
    public int Fence { get; init; } = 150;

    /// <summary>The home node gets its address back when it has been there for so long. Default 10,000.</summary>
    public int HandBack { get; init; } = 10_000;

    /// <summary>A hand-over that nobody has taken up by then is called off. Default 2000.</summary>
    public int HandOver { get; init; } = 2000;

    /// <summary>The system takes an address away that its node has not prolonged for so long, s. Default 10.</summary>
    public int LifeSeconds { get; init; } = 10;

    /// <summary>Between two prolongations. Default 1000.</summary>
    public int Prolong { get; init; } = 1000;
}
