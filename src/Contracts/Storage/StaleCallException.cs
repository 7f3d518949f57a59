namespace RtpCluster.Contracts;

/// <summary>A store refused a state older than the one it has: whoever saved it no longer owns the call.</summary>
public sealed class StaleCallException(CallId callId, long version, long stored)
    : Exception($"version {version} of call {callId} is older than the stored version {stored}");
