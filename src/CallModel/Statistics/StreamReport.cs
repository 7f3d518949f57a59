using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Statistics;

/// <summary>One stream of a media, as a report sees it.</summary>
/// <param name="Id">The stream.</param>
/// <param name="LocalPort">Our port.</param>
/// <param name="Remote">Where its remote asked us to send.</param>
/// <param name="Learned">Where the remote was found to be; none: not confirmed.</param>
/// <param name="IsRtp">It carries RTP (and, with mux, RTCP).</param>
/// <param name="IsRtcp">It carries RTCP.</param>
internal readonly record struct StreamView(
    StreamId Id, ushort LocalPort, NetEndpoint Remote, NetEndpoint Learned, bool IsRtp, bool IsRtcp);

/// <summary>One entry of <c>streams</c> in a <see cref="CallReport"/>.</summary>
internal static class StreamReport
{
    /// <summary>The streams of a media that has ports: RTP, then RTCP unless muxed.</summary>
    public static IEnumerable<StreamView> Views(CallMedia media)
    {
        if (media.Ports is not { } ports)
        {
            yield break;
        }

        bool muxed = media.Has(MediaFlags.RtcpMux);
        yield return new StreamView(media.RtpStream, ports.Rtp, media.Remote, media.LearnedRtp, IsRtp: true, IsRtcp: muxed);
        if (ports.Rtcp > 0 && !muxed)
        {
            yield return new StreamView(media.RtcpStream, ports.Rtcp, media.RemoteRtcp, media.LearnedRtcp, IsRtp: false, IsRtcp: true);
        }
    }

    /// <summary>Formats a stream.</summary>
    public static NgDictionary Format(CallState state, CallMedia media, StreamView view, StreamStatistics statistics)
    {
        var report = new NgDictionary()
            .Add("local port", view.LocalPort)
            .Add("local address", media.Ports!.Address.ToString())
            .Add("family", Family(media.Ports.Address));
        var current = !statistics.Endpoint.IsNone ? statistics.Endpoint : view.Learned.IsNone ? view.Remote : view.Learned;
        AddEndpoint(report, "endpoint", current);
        AddEndpoint(report, "advertised endpoint", view.Remote);
        if ((media.DecryptKeys ?? media.EncryptKeys) is { } keys)
        {
            report.Add("crypto suite", SrtpSuiteInfo.Of(keys.Suite).Name);
        }

        // Silence counts from the call's beginning: the peer prints that time until a packet comes.
        long last = (statistics.LastPacket.Micros > 0 ? statistics.LastPacket : state.Created).Seconds;
        report.Add("last packet", last).Add("last user packet", last)
            .Add("flags", TagReport.List(Flags(media, view, statistics)));
        if (statistics.Ssrcs.Length > 0)
        {
            report.Add("SSRC", statistics.Ssrcs[0].Ssrc);
        }

        return report.Add("stats", CallReport.Counters(statistics.In)).Add("stats_out", CallReport.Counters(statistics.Out));
    }

    private static IEnumerable<string> Flags(CallMedia media, StreamView view, StreamStatistics statistics)
    {
        (bool Set, string Word)[] flags =
        [
            (view.IsRtp, "RTP"),
            (view.IsRtcp, "RTCP"),
            (media.Has(MediaFlags.Filled), "filled"),
            (statistics.Confirmed || !view.Learned.IsNone, "confirmed"),
            (media.Has(MediaFlags.StrictSource), "strict source address"),
            (media.Has(MediaFlags.MediaHandover), "media handover"),
        ];
        return from flag in flags where flag.Set select flag.Word;
    }

    private static void AddEndpoint(NgDictionary report, string key, NetEndpoint endpoint)
    {
        if (!endpoint.IsNone)
        {
            report.Add(key, new NgDictionary()
                .Add("family", Family(endpoint.Address))
                .Add("address", endpoint.Address.ToString())
                .Add("port", endpoint.Port));
        }
    }

    private static string Family(IpAddress address) => address.Family == IpFamily.V6 ? "IPv6" : "IPv4";
}
