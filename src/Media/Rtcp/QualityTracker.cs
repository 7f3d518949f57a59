using System.Runtime.CompilerServices;
using RtpCluster.Contracts;

namespace RtpCluster.Media.Rtcp;

/// <summary>
/// The quality samples of one SSRC: their sum, the lowest, the highest, and their course in about ten steps. Samples less than a second
/// apart are left out. Memory is bounded: a full course is halved. <c>default</c> is empty; adding allocates nothing.
/// </summary>
public struct QualityTracker
{
    private const int Capacity = 16;
    private const long MinimumDistance = 1_000_000;

    private Sum _total;
    private Sum _lowest;
    private Sum _highest;
    private Steps _steps;
    private int _stepCount;
    private int _samplesPerStep;

    /// <summary>Samples taken.</summary>
    public readonly int Count => _total.Samples;

    /// <summary>Sum of all samples, at the time of the last one: divide by its number of samples. Null: none.</summary>
    public readonly QualitySample? Total => _total.Samples == 0
        ? null
        : new QualitySample(
            _total.At, (int)_total.Mos, (int)_total.Loss, (int)_total.Jitter, _total.RoundTrip, _total.RoundTripLeg, _total.Samples);

    /// <summary>The sample with the lowest MOS, the first of several.</summary>
    public readonly QualitySample? Lowest => _lowest.Export();

    /// <summary>The sample with the highest MOS, the first of several.</summary>
    public readonly QualitySample? Highest => _highest.Export();

    /// <summary>Seconds between entries of <see cref="Progression"/>, on average; 0 with fewer than two.</summary>
    public readonly int ProgressionInterval =>
        _stepCount < 2 ? 0 : (int)((_steps[_stepCount - 1].At - _steps[0].At + 500_000) / 1_000_000 / (_stepCount - 1));

    /// <summary>Takes a sample. False: too soon after the last one.</summary>
    public bool Add(QualitySample sample) => Add(Sum.Of(sample));

    internal bool Add(in Sum sample)
    {
        if (_total.Samples > 0 && sample.At - _total.At < MinimumDistance)
        {
            return false;
        }

        if (_total.Samples == 0 || sample.Mos < _lowest.Mos)
        {
            _lowest = sample;
        }

        if (_total.Samples == 0 || sample.Mos > _highest.Mos)
        {
            _highest = sample;
        }

        _total = _total.Plus(sample);
        AddStep(sample);
        return true;
    }

    /// <summary>The course, oldest first; each entry is the average of its samples.</summary>
    public readonly QualitySample[] Progression()
    {
        var result = new QualitySample[_stepCount];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = _steps[i].Export()!;
        }

        return result;
    }

    private void AddStep(in Sum sample)
    {
        _samplesPerStep = Math.Max(1, _samplesPerStep);
        if (_stepCount > 0 && _steps[_stepCount - 1].Samples < _samplesPerStep)
        {
            _steps[_stepCount - 1] = _steps[_stepCount - 1].Plus(sample);
            return;
        }

        if (_stepCount == Capacity)
        {
            for (var i = 0; i < Capacity / 2; i++)
            {
                _steps[i] = _steps[2 * i].Plus(_steps[(2 * i) + 1]);
            }

            _stepCount = Capacity / 2;
            _samplesPerStep *= 2;
        }

        _steps[_stepCount++] = sample;
    }

    /// <summary>Samples summed up.</summary>
    internal readonly record struct Sum(
        Instant At, int Samples, long Mos, long Loss, long Jitter, long RoundTrip, long RoundTripLeg)
    {
        internal static Sum Of(QualitySample s) => new(s.At, 1, s.Mos, s.LossPercent, s.JitterMillis, s.RttMicros, s.RttLegMicros);

        internal Sum Plus(in Sum later) => new(
            later.At, Samples + later.Samples, Mos + later.Mos, Loss + later.Loss, Jitter + later.Jitter,
            RoundTrip + later.RoundTrip, RoundTripLeg + later.RoundTripLeg);

        internal QualitySample? Export() => Samples == 0 ? null : new QualitySample(
            At, Average(Mos), Average(Loss), Average(Jitter), RoundTrip / Samples, RoundTripLeg / Samples, Samples);

        private int Average(long sum) => (int)(sum / Samples);
    }

    [InlineArray(Capacity)]
    private struct Steps
    {
        private Sum _first;
    }
}
