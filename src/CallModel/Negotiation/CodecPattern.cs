using System.Globalization;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>
/// One entry of a <c>codec</c> list: a payload type number, a word ("all", "full", "any"), or "name[/clock[/channels]]", whose missing parts match
/// anything. Further parts (bitrate, ptime, fmtp) only matter to transcoding.
/// </summary>
public sealed class CodecPattern
{
    private readonly int _payloadType = -1;
    private readonly string _name;
    private readonly int _clockRate;
    private readonly int _channels;

    /// <summary>Reads an entry.</summary>
    public CodecPattern(string text)
    {
        string[] parts = text.Split('/');
        _name = parts[0];
        _clockRate = Number(parts, 1);
        _channels = Number(parts, 2);
        if (parts.Length == 1 && byte.TryParse(_name, NumberStyles.None, CultureInfo.InvariantCulture, out byte number) && number < 128)
        {
            _payloadType = number;
        }
    }

    /// <summary>Matches every codec: "all" and "full" remove, "any" and "all" accept.</summary>
    public bool IsAll => IsFull || _name is "all" or "any" or "all-supported" or "any-supported";

    /// <summary>As "all", but nothing that was removed comes back by <c>transcode</c>.</summary>
    public bool IsFull => _name == "full";

    /// <summary>Whether a codec is meant by name, number or parts; "all" and its kin match nothing here.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="ignoreCase">Lists that add compare without case, lists that remove with it.</param>
    public bool Matches(SdpCodec codec, bool ignoreCase)
    {
        if (_payloadType >= 0)
        {
            return codec.PayloadType == _payloadType;
        }

        return codec.Name.Equals(_name, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            && (_clockRate == 0 || _clockRate == codec.ClockRate)
            && (_channels == 0 || _channels == codec.Channels);
    }

    /// <summary>Reads a list.</summary>
    public static List<CodecPattern> ReadAll(IEnumerable<string> texts)
    {
        var patterns = new List<CodecPattern>();
        foreach (string text in texts)
        {
            patterns.Add(new CodecPattern(text));
        }

        return patterns;
    }

    private static int Number(string[] parts, int index) =>
        index < parts.Length && int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
