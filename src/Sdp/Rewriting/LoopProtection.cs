namespace RtpCluster.Sdp;

/// <summary>The loop-protect mark: an SDP that already carries our id is passed on unchanged.</summary>
public static class LoopProtection
{
    /// <summary>Name of the marking attribute.</summary>
    public const string AttributeName = "rtpengine";

    /// <summary>True when every session carries the mark with this id.</summary>
    public static bool IsOurs(IReadOnlyList<SdpSession> sessions, string id)
    {
        foreach (var session in sessions)
        {
            if (MarkOf(session) != id)
            {
                return false;
            }
        }

        return sessions.Count > 0;
    }

    /// <summary>The id a session is marked with; null: none.</summary>
    public static string? MarkOf(SdpSession session)
    {
        foreach (var attribute in session.Attributes)
        {
            if (attribute.Name == AttributeName)
            {
                return attribute.Value;
            }
        }

        return null;
    }
}
