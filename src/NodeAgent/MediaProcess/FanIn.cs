namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>Gathers one answer of every reactor; the last one to answer finishes, on its thread.</summary>
internal sealed class FanIn<T>(int count, Action<T[]> finish)
{
    private readonly T[] _answers = new T[count];
    private int _missing = count;

    /// <summary>Takes the answer of a reactor.</summary>
    public void Add(int reactor, T answer)
    {
        _answers[reactor] = answer;
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            finish(_answers);
        }
    }
}
