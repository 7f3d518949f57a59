using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>DTLS-SRTP in offer and answer: RFC 5763, RFC 8842, and what the request's DTLS and SDES words make of it.</summary>
public static class DtlsNegotiation
{
    private static readonly string[] Hashes = ["sha-256", "sha-1", "sha-224", "sha-384", "sha-512"];

    /// <summary>Takes in what a remote's SDP says: whether it keys by DTLS, its fingerprint, and so our role.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The remote's media, its transport read.</param>
    /// <param name="view">Its block.</param>
    /// <param name="isOffer">The SDP is an offer.</param>
    public static void Read(VerbContext context, CallMedia media, SdpMediaView view, bool isOffer)
    {
        if (view.IsRejected)
        {
            return;
        }

        if (BundleNegotiation.Owner(context, media) is { } owner)
        {
            media.Dtls = owner.Dtls;
            return;
        }

        var command = context.Command;
        bool sdes = view.Attributes.Crypto.Count > 0 && !media.Transport.Dtls;
        bool wanted = media.Transport.Srtp && view.Fingerprint is not null && context.Config.Certificate is not null
            && (isOffer ? !(sdes && (command.Sdes.Prefer || command.Dtls == DtlsOption.Off)) : media.Dtls is not null && !(sdes && command.Sdes.Prefer));
        if (!wanted)
        {
            Stop(media);
            return;
        }

        EnsureCertificate(context);
        var print = view.Fingerprint!;
        var old = media.Dtls;
        bool another = old is { RemoteHash.Length: > 0 }
            && (old.RemoteHash != print.Hash || !old.RemoteFingerprint.AsSpan().SequenceEqual(print.Digest)
                || (old.RemoteTlsId is { } id && view.TlsId is { } now && id != now));
        if (another)
        {
            Forget(media);
        }

        var dtls = media.Dtls ?? Fresh(context);
        dtls = another ? dtls with { Association = dtls.Association + 1, TlsId = TlsIdAttribute.Create(context.Entropy), Setup = SdpSetup.ActPass } : dtls;
        media.Dtls = dtls with
        {
            RemoteHash = print.Hash,
            RemoteFingerprint = print.Digest,
            RemoteTlsId = view.TlsId,
            Hash = isOffer && old is null && Hashes.Contains(print.Hash) ? print.Hash : dtls.Hash,
            Setup = Role(context, dtls.Setup, view.Setup, isOffer),
        };
        media.Set(MediaFlags.NoKeys, false);
    }

    /// <summary>Decides whether our offer toward a receiver has DTLS.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The receiver's media, its transport decided.</param>
    /// <param name="sourceHasSdes">The other side brought SDES keys, which may pass through.</param>
    public static void Offer(VerbContext context, CallMedia media, bool sourceHasSdes)
    {
        if (BundleNegotiation.Owner(context, media) is { } owner)
        {
            media.Dtls = owner.Dtls;
            return;
        }

        var command = context.Command;
        bool wanted = media.Transport.Srtp && context.Config.Certificate is not null
            && (media.Transport.Dtls || (command.Dtls != DtlsOption.Off && (command.Sdes.Off || !sourceHasSdes || media.Dtls is not null)));
        if (!wanted)
        {
            Stop(media);
            return;
        }

        EnsureCertificate(context);
        var dtls = media.Dtls ?? Fresh(context);
        media.Dtls = dtls with
        {
            Hash = Hashes.Contains(command.DtlsFingerprint ?? "") ? command.DtlsFingerprint! : dtls.Hash,
            Setup = command.Dtls switch
            {
                DtlsOption.Passive => SdpSetup.Passive,
                DtlsOption.Active => SdpSetup.Active,
                _ => SdpSetup.ActPass,
            },
        };
    }

    /// <summary>DTLS no longer keys this media.</summary>
    public static void Stop(CallMedia media)
    {
        if (media.Dtls is not null)
        {
            Forget(media);
            media.Dtls = null;
        }
    }

    /// <summary>Our role, as the plan says it.</summary>
    public static DtlsRole RoleOf(MediaDtls dtls) => dtls.Setup == SdpSetup.Active ? DtlsRole.Active : DtlsRole.Passive;

    private static void Forget(CallMedia media)
    {
        media.DecryptKeys = null;
        media.EncryptKeys = null;
        media.RtpCheckpoints.Clear();
        media.RtcpCheckpoints.Clear();
        media.Dtls = media.Dtls! with { RtcpDecrypt = null, RtcpEncrypt = null };
    }

    private static void EnsureCertificate(VerbContext context) => context.Call!.Certificate ??= context.Config.Certificate!();

    private static MediaDtls Fresh(VerbContext context) => new() { TlsId = TlsIdAttribute.Create(context.Entropy) };

    private static SdpSetup Role(VerbContext context, SdpSetup ours, SdpSetup theirs, bool isOffer) => theirs switch
    {
        SdpSetup.Active => SdpSetup.Passive,
        SdpSetup.Passive => SdpSetup.Active,

        // A repeated offer keeps the association, and so the roles.
        _ when isOffer && ours is SdpSetup.Active or SdpSetup.Passive => ours,
        _ when isOffer && context.Command.DtlsReverse != DtlsOption.Default => context.Command.DtlsReverse == DtlsOption.Active ? SdpSetup.Active : SdpSetup.Passive,
        _ when isOffer => context.Config.DtlsPassive || (context.Command is { Verb: NgVerb.Publish, Dtls: DtlsOption.Passive }) ? SdpSetup.Passive : SdpSetup.Active,
        _ => SdpSetup.Passive,
    };
}
