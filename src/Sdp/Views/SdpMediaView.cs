using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>One m= block read: its own attributes, else the session's (direction, connection, DTLS, ICE, extmap).</summary>
public sealed class SdpMediaView
{
    private readonly SdpAttributes _session;

    internal SdpMediaView(SdpSession session, SdpAttributes sessionAttributes, SdpMedia media)
    {
        _session = sessionAttributes;
        Media = media;
        Attributes = SdpAttributes.Of(media.Attributes);
        Protocol = SdpProtocol.Of(media.Protocol);
        Connection = media.Connection ?? session.Connection;
        Codecs = Protocol.IsRtp ? SdpCodecReader.Read(media, Attributes) : [];
    }

    /// <summary>The block as parsed.</summary>
    public SdpMedia Media { get; }

    /// <summary>The block's own attributes.</summary>
    public SdpAttributes Attributes { get; }

    /// <summary>The block's protocol.</summary>
    public SdpProtocol Protocol { get; }

    /// <summary>The RTP codecs in the order of the m= line; empty for other protocols.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; }

    /// <summary>Media <c>c=</c>, else the session's; null: neither.</summary>
    public SdpConnection? Connection { get; }

    /// <summary>Where the peer wants its media: address and port of c= and m=. The address is None when c= is missing or a name.</summary>
    public NetEndpoint Endpoint => new(Connection?.Parsed ?? IpAddress.None, (ushort)Media.Port);

    /// <summary>Where the peer wants its RTCP: a=rtcp, else the next port. Port 0 when the RTP port is 0 or 65535.</summary>
    public NetEndpoint RtcpEndpoint
    {
        get
        {
            var rtp = Endpoint;
            if (Attributes.Rtcp is { } rtcp)
            {
                return new NetEndpoint(rtcp.Address.Family == IpFamily.None ? rtp.Address : rtcp.Address, rtcp.Port);
            }

            return rtp with { Port = rtp.Port == 0 ? (ushort)0 : unchecked((ushort)(rtp.Port + 1)) };
        }
    }

    /// <summary>The peer rejects the media: port 0 that is not a bundle-only line (RFC 9143).</summary>
    public bool IsRejected => Media.Port == 0 && !Attributes.BundleOnly;

    /// <summary>The peer's direction: its own, the session's, else sendrecv.</summary>
    public SdpDirection Direction => Attributes.Direction ?? _session.Direction ?? SdpDirection.SendRecv;

    /// <summary>The peer's DTLS role.</summary>
    public SdpSetup Setup => Attributes.Setup != SdpSetup.None ? Attributes.Setup : _session.Setup;

    /// <summary>The peer's certificate fingerprint; null: no DTLS.</summary>
    public FingerprintAttribute? Fingerprint => Attributes.Fingerprint ?? _session.Fingerprint;

    /// <summary>The peer's DTLS association id; null: none.</summary>
    public string? TlsId => Attributes.TlsId ?? _session.TlsId;

    /// <summary>The peer's ICE user fragment; null: no ICE.</summary>
    public string? IceUfrag => Attributes.IceUfrag ?? _session.IceUfrag;

    /// <summary>The peer's ICE password; null: no ICE.</summary>
    public string? IcePassword => Attributes.IcePassword ?? _session.IcePassword;

    /// <summary>The peer's ICE options.</summary>
    public IceOptionsAttribute IceOptions => Attributes.IceOptions | _session.IceOptions;

    /// <summary>The peer speaks ICE on this media: user fragment and password are there.</summary>
    public bool HasIce => IceUfrag is not null && IcePassword is not null;

    /// <summary>The peer is ICE-lite (session level, RFC 8839 section 5.3).</summary>
    public bool IceLite => _session.IceLite || Attributes.IceLite;

    /// <summary>Header extensions: the block's, else the session's (RFC 8285 section 6).</summary>
    public IReadOnlyList<ExtMapAttribute> ExtMaps => Attributes.ExtMaps.Count > 0 ? Attributes.ExtMaps : _session.ExtMaps;

    /// <summary>One- and two-byte header extensions may be mixed.</summary>
    public bool ExtMapAllowMixed => Attributes.ExtMapAllowMixed || _session.ExtMapAllowMixed;

    /// <summary>SRTP is on offer: by protocol name, or under a plain name by keys (OSRTP, RFC 8643).</summary>
    public bool OffersSrtp => Protocol.IsSrtp || Attributes.Crypto.Count > 0 || Fingerprint is not null;
}
