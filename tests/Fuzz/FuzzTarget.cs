namespace RtpCluster.Fuzz;

/// <summary>What is fuzzed.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Corpus">Valid inputs that mutation starts from.</param>
/// <param name="Tokens">Pieces of its grammar that mutation inserts.</param>
/// <param name="Run">Takes one input. It must not throw; it may check what must hold and throw <see cref="FuzzFailure"/>. Keeps no state between inputs.</param>
internal sealed record FuzzTarget(string Name, byte[][] Corpus, byte[][] Tokens, Action<byte[]> Run);

/// <summary>An input was taken without an exception, but what came out is wrong.</summary>
internal sealed class FuzzFailure(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void Unless(bool condition, string message)
    {
        if (!condition)
        {
            throw new FuzzFailure(message);
        }
    }
}
