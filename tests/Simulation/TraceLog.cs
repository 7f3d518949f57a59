using Microsoft.Extensions.Logging;

namespace RtpCluster.Simulation;

/// <summary>What a process logs, in the trace of the run.</summary>
public sealed class TraceLog(World world, string name) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            world.Note($"{name}: {formatter(state, exception)}{exception}");
        }
    }
}
