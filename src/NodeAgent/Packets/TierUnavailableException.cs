namespace RtpCluster.NodeAgent.Packets;

/// <summary>This machine, its kernel or our rights do not allow a packet tier; the message says what exactly.</summary>
internal sealed class TierUnavailableException(string message) : Exception(message);
