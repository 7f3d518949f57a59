namespace RtpCluster.Sdp;

/// <summary>The lines a session part and an m= block have in common, while they are being collected.</summary>
internal sealed class SdpSection
{
    public List<SdpAttribute> Attributes { get; } = [];

    public List<SdpBandwidth> Bandwidths { get; } = [];

    public List<string> InfoLines { get; } = [];

    public List<string> OtherLines { get; } = [];

    public SdpConnection? Connection { get; set; }

    public string? Info { get; set; }

    /// <summary>Keeps a line that has no place of its own.</summary>
    public void Keep(char letter, ReadOnlySpan<char> value) => OtherLines.Add($"{letter}={value}");
}
