using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Telemetry.Metrics;

/// <summary>The <c>statistics</c> dictionary of the ng protocol, also printed by the CLI's <c>list jsonstats</c>: the peer's keys.</summary>
public static class StatisticsReply
{
    /// <summary>Builds the dictionary.</summary>
    /// <param name="node">What the node counts.</param>
    /// <param name="control">What the listeners count, as they tell it.</param>
    public static NgDictionary Build(NodeStatistics node, NgDictionary control) => new NgDictionary()
        .Add("currentstatistics", Current(node))
        .Add("totalstatistics", Totals(node))
        .Add("controlstatistics", control)
        .Add("interfaces", Interfaces(node))
        .Add("transcoders", new NgList());

    private static NgDictionary Current(NodeStatistics node) => new NgDictionary()
        .Add("sessionsown", node.Sessions.Current)
        .Add("sessionsforeign", 0)
        .Add("sessionstotal", node.Sessions.Current)
        .Add("transcodedmedia", 0)
        .Add("mediacache", 0)
        .Add("playercache", 0)
        .Add("packetrate_user", node.Rate.Packets)
        .Add("byterate_user", node.Rate.Bytes)
        .Add("errorrate_user", node.Rate.Errors)
        .Add("packetrate_kernel", node.KernelRate.Packets)
        .Add("byterate_kernel", node.KernelRate.Bytes)
        .Add("errorrate_kernel", node.KernelRate.Errors)
        .Add("packetrate", node.Rate.Packets + node.KernelRate.Packets)
        .Add("byterate", node.Rate.Bytes + node.KernelRate.Bytes)
        .Add("errorrate", node.Rate.Errors + node.KernelRate.Errors)
        .Add("media_userspace", node.Media.Streams - node.Media.KernelStreams)
        .Add("media_kernel", node.Media.KernelStreams)
        .Add("media_mixed", 0);

    private static NgDictionary Totals(NodeStatistics node)
    {
        var sessions = node.Sessions;
        var (relayed, kernel) = (node.Media.Relayed, node.Media.Kernel);
        double seconds = sessions.DurationMicros / 1e6;
        return new NgDictionary()
            .Add("uptime", (node.Now - node.Started) / 1_000_000)
            .Add("managedsessions", sessions.Managed)
            .Add("rejectedsessions", sessions.Rejected)
            .Add("timeoutsessions", sessions.Timeout)
            .Add("silenttimeoutsessions", sessions.SilentTimeout)
            .Add("finaltimeoutsessions", sessions.FinalTimeout)
            .Add("offertimeoutsessions", sessions.OfferTimeout)
            .Add("regularterminatedsessions", sessions.Regular)
            .Add("forcedterminatedsessions", sessions.Forced)
            .Add("relayedpackets_user", relayed.Packets)
            .Add("relayedpacketerrors_user", relayed.Errors)
            .Add("relayedbytes_user", relayed.Bytes)
            .Add("relayedpackets_kernel", kernel.Packets)
            .Add("relayedpacketerrors_kernel", kernel.Errors)
            .Add("relayedbytes_kernel", kernel.Bytes)
            .Add("relayedpackets", relayed.Packets + kernel.Packets)
            .Add("relayedpacketerrors", relayed.Errors + kernel.Errors)
            .Add("relayedbytes", relayed.Bytes + kernel.Bytes)
            .Add("zerowaystreams", sessions.ZeroPacketStreams)
            .Add("onewaystreams", sessions.OneWay)
            .Add("avgcallduration", Number(sessions.Ended == 0 ? 0 : seconds / sessions.Ended))
            .Add("totalcallsduration", Number(seconds))
            .Add("totalcallsduration2", Number(sessions.DurationSquared));
    }

    private static NgList Interfaces(NodeStatistics node)
    {
        var list = new NgList();
        foreach (var pool in node.Ports)
        {
            int total = pool.Max - pool.Min + 1;
            string address = pool.Interface.Address.ToString();
            var totals = node.Media.Interfaces.GetValueOrDefault(address, new InterfaceTotals(default, default));
            list.Items.Add(new NgDictionary()
                .Add("name", pool.Interface.Name)
                .Add("address", address)
                .Add("ports", new NgDictionary()
                    .Add("min", pool.Min)
                    .Add("max", pool.Max)
                    .Add("used", pool.Used)
                    .Add("used_pct", Number(total == 0 ? 0 : pool.Used * 100.0 / total))
                    .Add("free", total - pool.Used)
                    .Add("totals", total))
                .Add("ingress", Counted(totals.Ingress))
                .Add("egress", Counted(totals.Egress)));
        }

        return list;
    }

    private static NgDictionary Counted(Counters counters) =>
        new NgDictionary().Add("packets", counters.Packets).Add("bytes", counters.Bytes).Add("errors", counters.Errors);

    private static string Number(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);
}
