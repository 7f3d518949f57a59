using RtpCluster.Contracts;

namespace RtpCluster.Media.Rtcp;

/// <summary>
/// Mean opinion scores from loss, jitter and delay, by the simplified E-model (ITU-T G.107, G.107.2) in the form that the peer uses, so that
/// thresholds set on its figures keep their meaning. Note that the narrow band conversion is a parabola with its lowest point near 16 % of
/// loss.
/// </summary>
public static class MosCalculator
{
    /// <summary>Lowest result.</summary>
    public const int Lowest = 10;

    /// <summary>Highest result.</summary>
    public const int Highest = 45;

    /// <summary>Whether a model cannot do without the end-to-end round-trip time.</summary>
    public static bool NeedsRoundTrip(MosModel model) => model != MosModel.Listening;

    /// <summary>The score times ten, rounded down: 10 to 45.</summary>
    /// <param name="model">Which formula and input.</param>
    /// <param name="fullBandCodec">The codec's default clock is 48 kHz; only <see cref="MosModel.FullBand"/> looks at it.</param>
    /// <param name="lossPercent">0 to 100.</param>
    /// <param name="jitterMillis">Jitter in ms.</param>
    /// <param name="roundTripMicros">End-to-end round-trip time in µs; counts as 0 in <see cref="MosModel.Listening"/>.</param>
    public static int Calculate(MosModel model, bool fullBandCodec, double lossPercent, double jitterMillis, long roundTripMicros)
    {
        var roundTrip = NeedsRoundTrip(model) ? roundTripMicros / 1000.0 : 0;
        return FromRating(model switch
        {
            MosModel.Legacy => LegacyRating(lossPercent, jitterMillis, roundTrip),
            MosModel.FullBand when fullBandCodec => FullBandRating(lossPercent, (roundTrip / 2) + jitterMillis),
            _ => NarrowBandRating(lossPercent, (roundTrip / 2) + jitterMillis),
        });
    }

    private static double NarrowBandRating(double loss, double delay)
    {
        var impairment = (0.024 * delay) + Math.Max(0, 0.11 * (delay - 177.3));
        var r = loss > 93 ? 0 : 93.2 - loss;
        return (0.18 * r * r) - (27.9 * r) + 1126.62 - impairment;
    }

    private static double FullBandRating(double loss, double delay)
    {
        var equipment = 10.2 + ((132 - 10.2) * loss / (loss + 4.3));
        var impairment = 0.0;
        if (delay > 100)
        {
            var x = Math.Log2(delay / 100);
            impairment = 37 * (SixthRoot(1 + Math.Pow(x, 6)) - (3 * SixthRoot(1 + Math.Pow(x / 3, 6))) + 2);
        }

        return (148 - impairment - equipment) / 1.48;
    }

    private static double LegacyRating(double loss, double jitter, double roundTrip)
    {
        var effective = roundTrip + (2 * jitter) + 10;
        return 93.2 - (effective < 160 ? effective / 40 : (effective - 120) / 10) - (2.5 * loss);
    }

    private static int FromRating(double r)
    {
        if (r <= 0)
        {
            return Lowest;
        }

        var score = r > 100 ? 4.5 : 1 + (0.035 * r) + (7e-6 * r * (r - 60) * (100 - r));
        return Math.Clamp((int)(score * 10), Lowest, Highest);
    }

    private static double SixthRoot(double value) => Math.Pow(value, 1.0 / 6);
}
