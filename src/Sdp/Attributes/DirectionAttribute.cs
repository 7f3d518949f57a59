// a=sendrecv, sendonly, recvonly, inactive: RFC 8866 section 6.7.
namespace RtpCluster.Sdp;

/// <summary>The media direction attributes.</summary>
public static class DirectionAttribute
{
    private static readonly string[] Names = ["sendrecv", "sendonly", "recvonly", "inactive"];

    /// <summary>True when the attribute's name is a direction.</summary>
    public static bool TryParse(string name, out SdpDirection direction)
    {
        int index = Array.IndexOf(Names, name);
        direction = index < 0 ? SdpDirection.SendRecv : (SdpDirection)index;
        return index >= 0;
    }

    /// <summary>The attribute's name.</summary>
    public static string Print(SdpDirection direction) => Names[(int)direction];

    /// <summary>The side that has this direction sends media.</summary>
    public static bool Sends(this SdpDirection direction) => direction is SdpDirection.SendRecv or SdpDirection.SendOnly;

    /// <summary>The side that has this direction receives media.</summary>
    public static bool Receives(this SdpDirection direction) => direction is SdpDirection.SendRecv or SdpDirection.RecvOnly;

    /// <summary>The direction of a side that sends and receives as given.</summary>
    public static SdpDirection Of(bool sends, bool receives) => (sends, receives) switch
    {
        (true, true) => SdpDirection.SendRecv,
        (true, false) => SdpDirection.SendOnly,
        (false, true) => SdpDirection.RecvOnly,
        _ => SdpDirection.Inactive,
    };

    /// <summary>The same flow seen from the other side: send and receive swapped.</summary>
    public static SdpDirection Reverse(this SdpDirection direction) => Of(direction.Receives(), direction.Sends());
}
