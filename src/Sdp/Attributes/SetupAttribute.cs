// a=setup: RFC 4145 section 4, RFC 5763 section 5.
namespace RtpCluster.Sdp;

/// <summary>DTLS role as signalled.</summary>
public enum SdpSetup : byte
{
    /// <summary>Not given.</summary>
    None,

    /// <summary>Offers either role.</summary>
    ActPass,

    /// <summary>DTLS client.</summary>
    Active,

    /// <summary>DTLS server.</summary>
    Passive,

    /// <summary>No association for now.</summary>
    HoldConn,
}

/// <summary><c>a=setup</c>.</summary>
public static class SetupAttribute
{
    private static readonly string[] Names = ["", "actpass", "active", "passive", "holdconn"];

    /// <summary>Parses the text after "setup:", without case.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpSetup setup)
    {
        for (int i = 1; i < Names.Length; i++)
        {
            if (value.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                setup = (SdpSetup)i;
                return true;
            }
        }

        setup = SdpSetup.None;
        return false;
    }

    /// <summary>The text after "setup:".</summary>
    public static string Print(SdpSetup setup) => Names[(int)setup];
}
