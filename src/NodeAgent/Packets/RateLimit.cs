namespace RtpCluster.NodeAgent.Packets;

/// <summary>A port's packet limit by the generic cell rate algorithm, as the steering program has it too. Times are monotonic ns.</summary>
/// <param name="packetsPerSecond">Sustained rate, 1 to 1,000,000,000.</param>
/// <param name="burst">Packets that may come at once after silence.</param>
internal readonly struct RateLimit(int packetsPerSecond, int burst)
{
    private readonly long _cost = 1_000_000_000L / packetsPerSecond;
    private readonly long _tolerance = 1_000_000_000L / packetsPerSecond * burst;

    /// <summary>Charges one packet against a port's theoretical arrival time; false: it came too early, refuse it.</summary>
    public bool TryCharge(ref long arrival, long now)
    {
        if (arrival > now + _tolerance)
        {
            return false;
        }

        arrival = Math.Max(arrival, now) + _cost;
        return true;
    }
}
