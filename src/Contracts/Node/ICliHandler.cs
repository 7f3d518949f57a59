namespace RtpCluster.Contracts;

/// <summary>Runs one line of the operator's command-line interface, whatever it came by: TCP, HTTP, WebSocket or ng <c>cli</c>.</summary>
public interface ICliHandler
{
    /// <summary>
    /// Runs <paramref name="line"/> (without its line end, byte-transparent) and returns the whole output, each line ended by '\n'.
    /// A bad line is answered with text that says so; never throws for an operator's mistake. Called on any thread, concurrently.
    /// </summary>
#pragma warning disable RS0030 // The boundary to the shells is asynchronous; nothing in this layer awaits.
    ValueTask<string> ExecuteAsync(string line, CancellationToken cancel);
#pragma warning restore RS0030
}
