using System.Runtime.InteropServices;

namespace RtpCluster.Server.Roles;

/// <summary>SIGTERM and SIGINT: the first asks for a graceful stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int KilledExit = 130;
    private readonly CancellationTokenSource _stopped = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(signal => PosixSignalRegistration.Create(signal, Take))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopped.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stopped.IsCancellationRequested)
        {
            Environment.Exit(KilledExit);
        }

        _stopped.Cancel();
    }
}
