namespace RtpCluster.Cluster.Storage;

/// <summary>The engine of the cluster: single atomic steps with fencing inside. Safe for concurrent use.</summary>
public interface IClusterStore
{
    /// <summary>Does one step. After an exception it may or may not have been done; every step can be done again.</summary>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    ValueTask<StoreReply> ExecuteAsync(StoreRequest request, CancellationToken cancel);
}

/// <summary>Typed use of a store.</summary>
public static class ClusterStoreExtensions
{
    /// <summary>Does one step.</summary>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    public static async ValueTask<TReply> RunAsync<TReply>(this IClusterStore store, StoreRequest<TReply> request, CancellationToken cancel)
        where TReply : StoreReply => (TReply)await store.ExecuteAsync(request, cancel).ConfigureAwait(false);
}

/// <summary>The store did not answer: whether the step was done is unknown.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
