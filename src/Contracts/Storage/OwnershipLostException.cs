namespace RtpCluster.Contracts;

/// <summary>
/// This node may not act for the call any more, or cannot know whether it may: another node has taken it over, or the store did not say whether it
/// kept a state. Nothing was answered; the command is to be routed again, and whatever is in memory of the call is void.
/// </summary>
public sealed class OwnershipLostException(string message, Exception? inner = null) : Exception(message, inner);
