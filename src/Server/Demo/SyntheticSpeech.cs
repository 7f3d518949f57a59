namespace RtpCluster.Server.Demo;

/// <summary>
/// A voice made of formants: a pitched buzz through the resonances of changing vowels, with pauses between words. Gives 20 ms of G.711
/// A-law at a time. One thread.
/// </summary>
internal sealed class SyntheticSpeech(double pitchHz)
{
    /// <summary>Bytes of one 20 ms packet.</summary>
    public const int FrameBytes = 160;

    private const double SampleRate = 8000;

    /// <summary>First and second formant of a, e, i, o, u in Hz.</summary>
    private static readonly (double First, double Second)[] s_vowels = [(730, 1090), (530, 1840), (270, 2290), (570, 840), (300, 870)];

    private long _sample;

    /// <summary>Writes the next 20 ms.</summary>
    public void Fill(Span<byte> frame)
    {
        for (int i = 0; i < FrameBytes; i++)
        {
            frame[i] = EncodeALaw((short)(Next() * 9000));
        }
    }

    /// <summary>One sample as A-law, ITU-T G.711.</summary>
    internal static byte EncodeALaw(short sample)
    {
        int sign = sample >= 0 ? 0x80 : 0;
        int magnitude = sample >= 0 ? sample >> 3 : (~sample) >> 3;
        int segment = 0;
        while (segment < 7 && magnitude >= 32 << segment)
        {
            segment++;
        }

        int mantissa = segment < 2 ? (magnitude >> 1) & 0x0f : (magnitude >> segment) & 0x0f;
        return (byte)((sign | (segment << 4) | mantissa) ^ 0x55);
    }

    private double Next()
    {
        double time = _sample++ / SampleRate;
        double syllable = time * 4 % 1;
        int word = (int)(time * 4);
        if (word % 7 == 6)
        {
            return 0;
        }

        var (first, second) = s_vowels[((word * 2654435761L) >> 3) % s_vowels.Length];
        double loudness = Math.Sin(Math.PI * syllable);
        double sum = 0;
        for (int harmonic = 1; harmonic * pitchHz < 3400; harmonic++)
        {
            double frequency = harmonic * pitchHz * (1 + (0.03 * Math.Sin(time * 5)));
            double gain = (1 / (1 + Math.Pow((frequency - first) / 90, 2))) + (0.5 / (1 + Math.Pow((frequency - second) / 120, 2)));
            sum += gain * Math.Sin(2 * Math.PI * frequency * time);
        }

        return Math.Clamp(sum * loudness * 0.6, -1, 1);
    }
}
