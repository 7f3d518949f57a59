// m= protocols: RFC 8866 section 5.14; AVPF RFC 4585, SAVP RFC 3711, SAVPF RFC 5124, DTLS-SRTP RFC 5764.
namespace RtpCluster.Sdp;

/// <summary>Properties of an m= protocol.</summary>
[Flags]
public enum SdpProtocolFlags : byte
{
    /// <summary>Opaque to us: relayed as bytes.</summary>
    None = 0,

    /// <summary>RTP.</summary>
    Rtp = 1,

    /// <summary>Encrypted (SAVP…).</summary>
    Srtp = 2,

    /// <summary>Early feedback (…F).</summary>
    Feedback = 4,

    /// <summary>Keyed by DTLS (UDP/TLS/…); no a=crypto.</summary>
    Dtls = 8,

    /// <summary>T.38 over UDPTL.</summary>
    Udptl = 16,
}

/// <summary>An m= protocol: its printed name and what it means.</summary>
/// <param name="Name">As printed; an unknown one as received.</param>
/// <param name="Flags">What it means.</param>
public readonly record struct SdpProtocol(string Name, SdpProtocolFlags Flags)
{
    private static readonly SdpProtocol[] Table =
    [
        new("RTP/AVP", SdpProtocolFlags.Rtp),
        new("RTP/SAVP", SdpProtocolFlags.Rtp | SdpProtocolFlags.Srtp),
        new("RTP/AVPF", SdpProtocolFlags.Rtp | SdpProtocolFlags.Feedback),
        new("RTP/SAVPF", SdpProtocolFlags.Rtp | SdpProtocolFlags.Srtp | SdpProtocolFlags.Feedback),
        new("UDP/TLS/RTP/SAVP", SdpProtocolFlags.Rtp | SdpProtocolFlags.Srtp | SdpProtocolFlags.Dtls),
        new(
            "UDP/TLS/RTP/SAVPF",
            SdpProtocolFlags.Rtp | SdpProtocolFlags.Srtp | SdpProtocolFlags.Feedback | SdpProtocolFlags.Dtls),
        new("udptl", SdpProtocolFlags.Udptl),
    ];

    /// <summary>RTP of any kind.</summary>
    public bool IsRtp => (Flags & SdpProtocolFlags.Rtp) != 0;

    /// <summary>Encrypted by name.</summary>
    public bool IsSrtp => (Flags & SdpProtocolFlags.Srtp) != 0;

    /// <summary>With early feedback.</summary>
    public bool HasFeedback => (Flags & SdpProtocolFlags.Feedback) != 0;

    /// <summary>DTLS by name.</summary>
    public bool IsDtls => (Flags & SdpProtocolFlags.Dtls) != 0;

    /// <summary>T.38 over UDPTL.</summary>
    public bool IsUdptl => (Flags & SdpProtocolFlags.Udptl) != 0;

    /// <summary>An OSRTP candidate (RFC 8643): RTP in the clear by name, which a=crypto or a=fingerprint may make SRTP.</summary>
    public bool IsPlainRtp => IsRtp && !IsSrtp;

    /// <summary>The protocol of a name, without case; the spelling is kept for unknown ones and for UDPTL.</summary>
    public static SdpProtocol Of(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return row.IsUdptl ? row with { Name = name } : row;
            }
        }

        return new SdpProtocol(name, SdpProtocolFlags.None);
    }

    /// <summary>The RTP protocol with exactly these properties; DTLS implies SRTP.</summary>
    public static SdpProtocol Of(bool srtp, bool feedback, bool dtls)
    {
        var wanted = SdpProtocolFlags.Rtp | (feedback ? SdpProtocolFlags.Feedback : 0)
            | (srtp || dtls ? SdpProtocolFlags.Srtp : 0) | (dtls ? SdpProtocolFlags.Dtls : 0);
        foreach (var row in Table)
        {
            if (row.Flags == wanted)
            {
                return row;
            }
        }

        return Table[0];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
