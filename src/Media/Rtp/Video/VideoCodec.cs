namespace RtpCluster.Media.Rtp.Video;

/// <summary>Video codecs whose RTP payloads we look into.</summary>
public enum VideoCodec : byte
{
    /// <summary>Not video, or a codec that we know nothing of.</summary>
    None,

    /// <summary>VP8, RFC 7741.</summary>
    Vp8,

    /// <summary>VP9, RFC 9628.</summary>
    Vp9,

    /// <summary>H.264, RFC 6184.</summary>
    H264,
}

/// <summary>Tells codecs by their encoding names.</summary>
public static class VideoCodecs
{
    private static readonly (string Name, VideoCodec Codec)[] Names =
        [("VP8", VideoCodec.Vp8), ("VP9", VideoCodec.Vp9), ("H264", VideoCodec.H264)];

    /// <summary>The codec of an rtpmap's encoding name.</summary>
    public static VideoCodec Of(string name) =>
        Array.Find(Names, row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Codec;
}
