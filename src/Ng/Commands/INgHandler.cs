namespace RtpCluster.Ng;

/// <summary>What executes a decoded command: the router toward the call's owner, or the node itself for verbs without a call.</summary>
public interface INgHandler
{
    /// <summary>Runs the command to its end and returns the reply dictionary (it has <c>result</c>). Never throws for a peer's fault.</summary>
#pragma warning disable RS0030 // The boundary to the shells is asynchronous; nothing in this layer awaits.
    ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel);
#pragma warning restore RS0030
}
