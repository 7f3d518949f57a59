namespace RtpCluster.Contracts;

/// <summary>Something a media node found out about a call and the call actor must know. Packets never go up, only these.</summary>
public abstract record MediaFact(CallId CallId);

/// <summary>A stream's remote endpoint was confirmed or changed.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Endpoint">Where the remote sends from, and, unless asymmetric, where we send to.</param>
public sealed record EndpointLearned(CallId CallId, StreamId Stream, NetEndpoint Endpoint) : MediaFact(CallId);

/// <summary>Every stream that could keep the call alive has been silent for longer than its limit.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Epoch">The plan's epoch the finding belongs to; the call actor ignores it when it has pushed a newer plan.</param>
/// <param name="Reason">Why.</param>
public sealed record CallIdle(CallId CallId, long Epoch, IdleReason Reason) : MediaFact(CallId);

/// <summary>SRTP state worth keeping: sent when a roll-over counter changes and on request.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Stream">The stream.</param>
/// <param name="State">The state.</param>
public sealed record SrtpCheckpointed(CallId CallId, StreamId Stream, SrtpCheckpoint State) : MediaFact(CallId);

/// <summary>A DTLS handshake gave a stream its keys; the remote's certificate has the signalled fingerprint.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Association">Of which <see cref="DtlsPlan.Association"/>.</param>
/// <param name="Decrypt">Keys of what the remote sends.</param>
/// <param name="Encrypt">Keys of what we send.</param>
public sealed record DtlsKeyed(CallId CallId, StreamId Stream, int Association, SrtpKeys Decrypt, SrtpKeys Encrypt) : MediaFact(CallId);
