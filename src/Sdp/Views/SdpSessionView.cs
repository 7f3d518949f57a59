namespace RtpCluster.Sdp;

/// <summary>A session description read: attributes sorted and typed, m= blocks with the session's fallbacks applied.</summary>
public sealed class SdpSessionView
{
    private SdpSessionView(SdpSession session)
    {
        Session = session;
        Attributes = SdpAttributes.Of(session.Attributes);
        var medias = new SdpMediaView[session.Medias.Count];
        for (int i = 0; i < medias.Length; i++)
        {
            medias[i] = new SdpMediaView(session, Attributes, session.Medias[i]);
        }

        Medias = medias;
    }

    /// <summary>The description as parsed.</summary>
    public SdpSession Session { get; }

    /// <summary>The session part's attributes.</summary>
    public SdpAttributes Attributes { get; }

    /// <summary>The m= blocks.</summary>
    public IReadOnlyList<SdpMediaView> Medias { get; }

    /// <summary>Reads a description.</summary>
    public static SdpSessionView Of(SdpSession session) => new(session);

    /// <summary>Everything that was left out, for one log line each.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>(Attributes.Warnings);
        foreach (var media in Medias)
        {
            warnings.AddRange(media.Attributes.Warnings);
        }

        return warnings;
    }
}
