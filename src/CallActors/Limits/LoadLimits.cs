using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>How loaded the node is.</summary>
public interface ILoadGauge
{
    /// <summary>Load average over one minute.</summary>
    double Load { get; }

    /// <summary>CPU use in percent over the last second.</summary>
    double Cpu { get; }

    /// <summary>Relayed bytes per second.</summary>
    long Bandwidth { get; }
}

/// <summary>Above these a node takes no new calls. Changed by the operator at any time.</summary>
public sealed class LoadLimits
{
    /// <summary>Most calls; -1: no limit.</summary>
    public int MaxSessions { get; set; } = -1;

    /// <summary>Highest load average; 0: off.</summary>
    public double MaxLoad { get; set; }

    /// <summary>Highest CPU use in percent; 0: off.</summary>
    public double MaxCpu { get; set; }

    /// <summary>Highest relayed rate in bytes/s; 0: off.</summary>
    public long MaxBandwidth { get; set; }

    /// <summary>Why a new call must be refused; null: it may come.</summary>
    public string? Exceeded(int sessions, ILoadGauge gauge)
    {
        if (MaxSessions >= 0 && sessions >= MaxSessions)
        {
            return NgErrors.SessionLimit;
        }

        if (MaxLoad > 0 && gauge.Load >= MaxLoad)
        {
            return "Load limit exceeded";
        }

        if (MaxCpu > 0 && gauge.Cpu >= MaxCpu)
        {
            return "CPU usage limit exceeded";
        }

        return MaxBandwidth > 0 && gauge.Bandwidth >= MaxBandwidth ? "Bandwidth limit exceeded" : null;
    }
}
