// a=ice-options: RFC 8839 section 5.6; trickle: RFC 8840; ice2: RFC 8445 section 10.
namespace RtpCluster.Sdp;

/// <summary>Words of <c>a=ice-options</c> that we know.</summary>
[Flags]
public enum IceOptionsAttribute : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Candidates may follow later.</summary>
    Trickle = 1,

    /// <summary>RFC 8445 procedures.</summary>
    Ice2 = 2,
}

/// <summary>Reads and prints <c>a=ice-options</c>.</summary>
public static class IceOptions
{
    /// <summary>The known words of the text after "ice-options:"; unknown words are ignored, as RFC 8839 asks.</summary>
    public static IceOptionsAttribute Parse(ReadOnlySpan<char> value)
    {
        var options = IceOptionsAttribute.None;
        while (!value.IsEmpty)
        {
            var word = SdpText.ReadWord(ref value);
            if (word.Equals("trickle", StringComparison.OrdinalIgnoreCase))
            {
                options |= IceOptionsAttribute.Trickle;
            }
            else if (word.Equals("ice2", StringComparison.OrdinalIgnoreCase))
            {
                options |= IceOptionsAttribute.Ice2;
            }
        }

        return options;
    }

    /// <summary>The text after "ice-options:"; empty: print no line.</summary>
    public static string Print(IceOptionsAttribute options) => options switch
    {
        IceOptionsAttribute.Trickle => "trickle",
        IceOptionsAttribute.Ice2 => "ice2",
        IceOptionsAttribute.None => string.Empty,
        _ => "trickle ice2",
    };
}
