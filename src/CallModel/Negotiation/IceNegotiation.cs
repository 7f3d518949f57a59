using System.Security.Cryptography;
using System.Text;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Media.Ice;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>ICE in offer and answer: RFC 8839, and what the request's ICE words make of it.</summary>
public static class IceNegotiation
{
    /// <summary>Candidates of one remote media that count.</summary>
    public const int MaxCandidates = 100;

    private const int UfragLength = 8;
    private const int PasswordLength = 26;
    private const int FoundationLength = 16;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Takes in what a remote's SDP says. An answer can only confirm what our offer had.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The remote's media.</param>
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
            media.Ice = owner.Ice;
            return;
        }

        bool speaks = view.HasIce && view.Protocol.IsRtp && !(isOffer && context.Command.Flags.HasFlag(NgFlags.RejectIce));
        if (!speaks || (!isOffer && media.Ice is null))
        {
            media.Ice = null;
            return;
        }

        var old = media.Ice;
        bool restart = old is { RemoteUfrag.Length: > 0 } && old.RemoteUfrag != view.IceUfrag;
        var ice = old is null || (restart && isOffer) ? Fresh(context) : old;
        bool sameRemote = old is not null && old.RemoteUfrag == view.IceUfrag;
        media.Ice = ice with
        {
            RemoteUfrag = view.IceUfrag!,
            RemotePassword = view.IcePassword!,
            Controlling = sameRemote ? old!.Controlling : view.IceLite || !isOffer,
            Lite = old?.Lite ?? WantsLite(context.Command, towardSender: true),
            Options = isOffer ? Options(context.Command) | (view.IceOptions & IceOptionsAttribute.Trickle) : ice.Options,
            EndOfCandidates = view.Attributes.EndOfCandidates || (view.IceOptions & IceOptionsAttribute.Trickle) == 0,
            Candidates = Candidates(view.Attributes.Candidates),
        };
    }

    /// <summary>Decides whether our offer toward a receiver has ICE.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The receiver's media.</param>
    /// <param name="sourceHasIce">The other side's SDP has ICE.</param>
    /// <param name="isNew">The receiver has not been offered anything yet.</param>
    public static void Offer(VerbContext context, CallMedia media, bool sourceHasIce, bool isNew)
    {
        var command = context.Command;
        if (BundleNegotiation.Owner(context, media) is { } owner)
        {
            media.Ice = owner.Ice;
            return;
        }

        bool wanted = media.IsRtp && command.Ice switch
        {
            IceOption.Remove => false,
            IceOption.Force or IceOption.Optional => true,
            _ => isNew ? sourceHasIce : media.Ice is not null,
        };
        media.Ice = !wanted ? null : (media.Ice ?? Fresh(context) with { Controlling = true, Lite = WantsLite(command, towardSender: false) }) with
        {
            Options = Options(command),
        };
    }

    /// <summary>Our candidates of a media, RTP of every address first.</summary>
    /// <param name="config">The node's options.</param>
    /// <param name="ports">The media's ports.</param>
    /// <param name="rtcp">Those of the RTCP port too.</param>
    /// <param name="type">Host; relay: as a relay's, with the lowest priority.</param>
    public static List<CandidateAttribute> Print(CallConfig config, PortPair ports, bool rtcp, IceCandidateType type = IceCandidateType.Host)
    {
        var list = new List<CandidateAttribute>();
        for (int component = 1; component <= (rtcp ? 2 : 1); component++)
        {
            int index = 0;
            foreach (var pair in ports.All())
            {
                ushort port = component == 1 ? pair.Rtp : pair.Rtcp;
                if (port != 0)
                {
                    list.Add(new CandidateAttribute(
                        Foundation(config, pair.Address), component, "UDP", IcePriority.Of(type, index, component),
                        pair.Advertised.ToString(), port, type == IceCandidateType.Relay ? "relay" : "host"));
                }

                index++;
            }
        }

        return list;
    }

    /// <summary>The candidates of an SDP that we can send to: UDP, an address, component 1 or 2. Host names (mDNS) are found by their checks.</summary>
    public static RemoteCandidate[] Candidates(IReadOnlyList<CandidateAttribute> attributes)
    {
        var candidates = new List<RemoteCandidate>();
        foreach (var attribute in attributes)
        {
            var endpoint = new NetEndpoint(attribute.Address, attribute.Port);
            bool usable = attribute.Transport.Equals("udp", StringComparison.OrdinalIgnoreCase) && attribute.Component is 1 or 2
                && endpoint is { IsNone: false, IsUsable: true };
            if (usable && candidates.Count < MaxCandidates)
            {
                candidates.Add(new RemoteCandidate(attribute.Component, endpoint, attribute.Priority, Type(attribute.Type)));
            }
        }

        return [.. candidates];
    }

    /// <summary>Whether a session's SDP says a=ice-lite.</summary>
    public static bool PrintsLite(IEnumerable<CallMedia> medias) => medias.Any(m => m.Ice is { Lite: true });

    private static bool WantsLite(NgCommand command, bool towardSender) =>
        command.IceLite == IceLiteOption.Both || command.IceLite == (towardSender ? IceLiteOption.Backward : IceLiteOption.Forward);

    private static IceOptionsAttribute Options(NgCommand command) =>
        command.Flags.HasFlag(NgFlags.TrickleIce) ? IceOptionsAttribute.Trickle : IceOptionsAttribute.None;

    private static MediaIce Fresh(VerbContext context)
    {
        var call = context.Call!;
        if (call.IceTieBreaker == 0)
        {
            Span<byte> random = stackalloc byte[sizeof(ulong)];
            context.Entropy.Fill(random);
            call.IceTieBreaker = BitConverter.ToUInt64(random) | 1;
        }

        return new MediaIce { LocalUfrag = Text(context.Entropy, UfragLength), LocalPassword = Text(context.Entropy, PasswordLength) };
    }

    private static IceCandidateType Type(string name) => name switch
    {
        "srflx" => IceCandidateType.ServerReflexive,
        "prflx" => IceCandidateType.PeerReflexive,
        "relay" => IceCandidateType.Relay,
        _ => IceCandidateType.Host,
    };

    /// <summary>The same for one address of one node, whichever process prints it.</summary>
    private static string Foundation(CallConfig config, IpAddress address)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{config.InstanceId} {address}"));
        return string.Create(FoundationLength, hash, static (target, bytes) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    private static string Text(IEntropy entropy, int length)
    {
        var text = new char[length];
        Span<byte> random = stackalloc byte[1];
        for (int i = 0; i < length;)
        {
            entropy.Fill(random);
            int limit = 256 - (256 % Alphabet.Length);
            if (random[0] < limit)
            {
                text[i++] = Alphabet[random[0] % Alphabet.Length];
            }
        }

        return new string(text);
    }
}
