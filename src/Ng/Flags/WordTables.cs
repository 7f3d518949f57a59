using System.Collections.Frozen;
using RtpCluster.Contracts;

namespace RtpCluster.Ng.Flags;

/// <summary>Keys whose value is a word or words of a fixed set, and what each word sets. A null setter: known, not served yet.</summary>
internal static class WordTables
{
    /// <summary>The words by key, both normalised.</summary>
    public static readonly FrozenDictionary<string, FrozenDictionary<string, Action<NgCommand>?>> ByKey =
        new Dictionary<string, (string Words, Action<NgCommand>? Set)[]>
        {
            ["address-family"] =
            [
                ("ip4 inet ipv4", command => command.AddressFamily = IpFamily.V4),
                ("ip6 inet6 ipv6", command => command.AddressFamily = IpFamily.V6),
            ],
            ["all"] =
            [
                ("all", command => command.All = AllOption.All),
                ("none", command => command.All = AllOption.None),
                ("offer-answer", command => command.All = AllOption.OfferAnswer),
                ("except-offer-answer not-offer-answer non-offer-answer", command => command.All = AllOption.ExceptOfferAnswer),
                ("flows", command => command.All = AllOption.Flows),
            ],
            ["bundle"] =
            [
                ("accept", command => command.Bundle |= BundleFlags.Accept),
                ("reject", command => command.Bundle |= BundleFlags.Reject),
                ("offer", command => OfferBundle(command, BundleFlags.Offer)),
                ("require", command => OfferBundle(command, BundleFlags.Offer | BundleFlags.Require)),
                ("strict", command => OfferBundle(command, BundleFlags.Offer | BundleFlags.Require | BundleFlags.Strict)),
            ],
            ["drop-traffic"] =
            [
                ("start", command => command.DropTraffic = true),
                ("stop", command => command.DropTraffic = false),
            ],
            ["dtls"] =
            [
                ("off no disable", command => command.Dtls = DtlsOption.Off),
                ("passive", command => command.Dtls = DtlsOption.Passive),
                ("active", command => command.Dtls = DtlsOption.Active),
            ],
            ["dtls-reverse"] =
            [
                ("passive", command => command.DtlsReverse = DtlsOption.Passive),
                ("active", command => command.DtlsReverse = DtlsOption.Active),
            ],
            ["endpoint-learning"] =
            [
                ("off", command => command.EndpointLearning = LearningMode.Off),
                ("immediate", command => command.EndpointLearning = LearningMode.Immediate),
                ("delayed", command => command.EndpointLearning = LearningMode.Delayed),
                ("heuristic", command => command.EndpointLearning = LearningMode.Heuristic),
            ],
            ["ice"] =
            [
                ("remove", command => command.Ice = IceOption.Remove),
                ("force", command => command.Ice = IceOption.Force),
                ("default", command => command.Ice = IceOption.Default),
                ("optional", command => command.Ice = IceOption.Optional),
                ("force-relay", command => command.Ice = IceOption.ForceRelay),
                ("trickle", command => command.Flags |= NgFlags.TrickleIce),
                ("lite-forward forward-lite", command => command.IceLite = IceLiteOption.Forward),
                ("lite-backward backward-lite", command => command.IceLite = IceLiteOption.Backward),
                ("lite lite-both", command => command.IceLite = IceLiteOption.Both),
                ("ice2", null),
            ],
            ["ice-lite"] =
            [
                ("off no", command => command.IceLite = IceLiteOption.Off),
                ("forward", command => command.IceLite = IceLiteOption.Forward),
                ("backward", command => command.IceLite = IceLiteOption.Backward),
                ("both", command => command.IceLite = IceLiteOption.Both),
            ],
            ["osrtp"] =
            [
                ("offer offer-rfc", command => command.Osrtp |= OsrtpFlags.Offer),
                ("offer-legacy", command => command.Osrtp |= OsrtpFlags.OfferLegacy),
                ("accept accept-rfc", command => command.Osrtp |= OsrtpFlags.Accept),
                ("accept-legacy", command => command.Osrtp |= OsrtpFlags.AcceptLegacy),
            ],
            ["replace"] =
            [
                ("origin", command => command.Replace |= ReplaceFlags.Origin),
                ("session-name", command => command.Replace |= ReplaceFlags.SessionName),
                ("sdp-version", command => command.Replace |= ReplaceFlags.SdpVersion),
                ("username", command => command.Replace |= ReplaceFlags.Username),
                ("origin-full", command => command.Replace |= ReplaceFlags.OriginFull),
                ("zero-address", command => command.Replace |= ReplaceFlags.ZeroAddress),
                ("force-increment-sdp-ver force-increment-sdp-version", command => command.Replace |= ReplaceFlags.ForceIncrementSdpVersion),
                ("session-connection", command => command.Replace |= ReplaceFlags.SessionConnection),
            ],
            ["rtcp-mux"] =
            [
                ("offer", command => command.RtcpMux |= RtcpMuxFlags.Offer),
                ("require", command => command.RtcpMux |= RtcpMuxFlags.Offer | RtcpMuxFlags.Require),
                ("demux", command => command.RtcpMux |= RtcpMuxFlags.Demux),
                ("accept", command => command.RtcpMux |= RtcpMuxFlags.Accept),
                ("reject", command => command.RtcpMux |= RtcpMuxFlags.Reject),
            ],
            ["sip-message-type"] =
            [
                ("sip-request request", command => command.SipRequest = true),
                ("sip-reply sip-response reply response", command => command.SipRequest = false),
            ],
            ["supports"] =
            [
                ("load-limit", command => command.SupportsLoadLimit = true),
            ],
        }.ToFrozenDictionary(row => row.Key, row => Expand(row.Value));

    /// <summary>Offering BUNDLE needs MIDs.</summary>
    private static void OfferBundle(NgCommand command, BundleFlags flags)
    {
        command.Bundle |= flags;
        command.Flags |= NgFlags.GenerateMid;
        command.RtcpMux |= flags.HasFlag(BundleFlags.Strict) ? RtcpMuxFlags.Require : RtcpMuxFlags.None; // bundle-only medias have no other port
    }

    private static FrozenDictionary<string, Action<NgCommand>?> Expand((string Words, Action<NgCommand>? Set)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' '), (row, word) => KeyValuePair.Create(word, row.Set)).ToFrozenDictionary();
}
