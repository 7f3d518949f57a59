namespace RtpCluster.Sdp;

/// <summary>
/// The attributes of one section (session part or m= block), sorted: what we understand is typed and never copied to another side,
/// everything else is <see cref="Generic"/>. A malformed known attribute is left out and named in <see cref="Warnings"/>.
/// </summary>
public sealed class SdpAttributes
{
    private readonly List<SdpAttribute> _generic = [];
    private List<RtpMapAttribute>? _rtpMaps;
    private List<PayloadTypeAttribute>? _formatParameters;
    private List<PayloadTypeAttribute>? _feedback;
    private List<SdpCrypto>? _crypto;
    private List<ExtMapAttribute>? _extMaps;
    private List<GroupAttribute>? _groups;
    private List<CandidateAttribute>? _candidates;
    private List<string>? _warnings;

    private SdpAttributes()
    {
    }

    /// <summary>Unknown attributes and <c>rtcp-fb:*</c>, in order.</summary>
    public IReadOnlyList<SdpAttribute> Generic => _generic;

    /// <summary>Known attributes that were malformed: name and reason, never a value.</summary>
    public IReadOnlyList<string> Warnings => _warnings ?? (IReadOnlyList<string>)[];

    /// <summary><c>a=rtpmap</c>.</summary>
    public IReadOnlyList<RtpMapAttribute> RtpMaps => _rtpMaps ?? (IReadOnlyList<RtpMapAttribute>)[];

    /// <summary><c>a=fmtp</c>.</summary>
    public IReadOnlyList<PayloadTypeAttribute> FormatParameters => _formatParameters ?? (IReadOnlyList<PayloadTypeAttribute>)[];

    /// <summary><c>a=rtcp-fb</c> of one payload type each.</summary>
    public IReadOnlyList<PayloadTypeAttribute> Feedback => _feedback ?? (IReadOnlyList<PayloadTypeAttribute>)[];

    /// <summary><c>a=crypto</c> of known suites, in order.</summary>
    public IReadOnlyList<SdpCrypto> Crypto => _crypto ?? (IReadOnlyList<SdpCrypto>)[];

    /// <summary><c>a=extmap</c>.</summary>
    public IReadOnlyList<ExtMapAttribute> ExtMaps => _extMaps ?? (IReadOnlyList<ExtMapAttribute>)[];

    /// <summary><c>a=group</c>.</summary>
    public IReadOnlyList<GroupAttribute> Groups => _groups ?? (IReadOnlyList<GroupAttribute>)[];

    /// <summary><c>a=candidate</c>.</summary>
    public IReadOnlyList<CandidateAttribute> Candidates => _candidates ?? (IReadOnlyList<CandidateAttribute>)[];

    /// <summary><c>a=rtcp</c>; null: none.</summary>
    public RtcpAttribute? Rtcp { get; internal set; }

    /// <summary><c>a=rtcp-mux</c>.</summary>
    public bool RtcpMux { get; internal set; }

    /// <summary>The first <c>a=fingerprint</c> whose hash we know.</summary>
    public FingerprintAttribute? Fingerprint { get; internal set; }

    /// <summary><c>a=setup</c>.</summary>
    public SdpSetup Setup { get; internal set; }

    /// <summary><c>a=tls-id</c>.</summary>
    public string? TlsId { get; internal set; }

    /// <summary>Direction; null: not given.</summary>
    public SdpDirection? Direction { get; internal set; }

    /// <summary><c>a=mid</c>.</summary>
    public string? Mid { get; internal set; }

    /// <summary><c>a=label</c>.</summary>
    public string? Label { get; internal set; }

    /// <summary><c>a=bundle-only</c>.</summary>
    public bool BundleOnly { get; internal set; }

    /// <summary><c>a=extmap-allow-mixed</c>.</summary>
    public bool ExtMapAllowMixed { get; internal set; }

    /// <summary><c>a=ptime</c> in ms; 0: none.</summary>
    public int PacketTime { get; internal set; }

    /// <summary><c>a=maxptime</c> in ms; 0: none.</summary>
    public int MaxPacketTime { get; internal set; }

    /// <summary><c>a=ice-ufrag</c>.</summary>
    public string? IceUfrag { get; internal set; }

    /// <summary><c>a=ice-pwd</c>.</summary>
    public string? IcePassword { get; internal set; }

    /// <summary><c>a=ice-options</c>.</summary>
    public IceOptionsAttribute IceOptions { get; internal set; }

    /// <summary><c>a=ice-lite</c>.</summary>
    public bool IceLite { get; internal set; }

    /// <summary><c>a=remote-candidates</c>.</summary>
    public string? RemoteCandidates { get; internal set; }

    /// <summary><c>a=end-of-candidates</c>.</summary>
    public bool EndOfCandidates { get; internal set; }

    /// <summary>The loop-protect mark.</summary>
    public string? LoopProtectId { get; internal set; }

    /// <summary>Sorts the attributes of a section.</summary>
    public static SdpAttributes Of(IReadOnlyList<SdpAttribute> attributes)
    {
        var sorted = new SdpAttributes();
        for (int i = 0; i < attributes.Count; i++)
        {
            var attribute = attributes[i];
            if (!SdpAttributeTable.IsConsumed(attribute))
            {
                sorted._generic.Add(attribute);
            }
            else if (SdpAttributeTable.Set(sorted, attribute) is { } problem)
            {
                (sorted._warnings ??= []).Add($"a={attribute.Name} ignored: {problem}");
            }
        }

        return sorted;
    }

    internal void Add(RtpMapAttribute item) => (_rtpMaps ??= []).Add(item);

    internal void AddFormatParameters(PayloadTypeAttribute item) => (_formatParameters ??= []).Add(item);

    internal void AddFeedback(PayloadTypeAttribute item) => (_feedback ??= []).Add(item);

    internal void Add(SdpCrypto item) => (_crypto ??= []).Add(item);

    internal void Add(ExtMapAttribute item) => (_extMaps ??= []).Add(item);

    internal void Add(GroupAttribute item) => (_groups ??= []).Add(item);

    internal void Add(CandidateAttribute item) => (_candidates ??= []).Add(item);
}
