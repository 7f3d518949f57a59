using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Addresses;

/// <summary>How this node stands to a floating address.</summary>
public enum AddressPhase
{
    /// <summary>Another node has it, or nobody.</summary>
    Standby,

    /// <summary>The lease is ours; the plans are being put in force.</summary>
    Taking,

    /// <summary>It is here.</summary>
    Holding,

    /// <summary>The lease is another node's, which is getting ready; media still comes here.</summary>
    Handing,
}

/// <summary>What an <see cref="AddressMachine"/> wants done.</summary>
public abstract record AddressOutput;

/// <summary>Ask the store; answer with <see cref="AddressMachine.HandleLease"/>.</summary>
/// <param name="Request">What to ask.</param>
/// <param name="AskedAt">When it was asked, ms.</param>
public sealed record AskLease(StoreRequest<LeaseReply> Request, long AskedAt) : AddressOutput;

/// <summary>Ask the link whether anybody has the address; answer with <see cref="AddressMachine.HandleProbe"/>.</summary>
public sealed record ProbeLink : AddressOutput;

/// <summary>Take the address: plans in force, the former holder told to go, the address on its device, announced; then <see cref="AddressMachine.HandleTaken"/>.</summary>
/// <param name="Epoch">Epoch of our lease.</param>
/// <param name="Former">Who had it; none: unknown.</param>
/// <param name="Planned">The former holder waits for us, and carries the media until it is told to go.</param>
/// <param name="Inherited">An earlier process of this node had it, with its media process.</param>
public sealed record TakeAddress(long Epoch, NodeRef Former, bool Planned, bool Inherited) : AddressOutput;

/// <summary>Take the address off its device and end its media here, at once.</summary>
public sealed record DropAddress(string Why) : AddressOutput;

/// <summary>Prolong the address on its device.</summary>
public sealed record ProlongAddress : AddressOutput;

/// <summary>Something happened that an operator wants to read.</summary>
/// <param name="Text">What.</param>
/// <param name="IsTrouble">As a warning.</param>
public sealed record AddressStory(string Text, bool IsTrouble = false) : AddressOutput;
