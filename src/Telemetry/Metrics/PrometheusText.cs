using RtpCluster.Contracts;

namespace RtpCluster.Telemetry.Metrics;

/// <summary>The page of <c>/metrics</c>: the peer's names (<c>rtpengine_</c>), so that its dashboards go on, and our own (<c>rtpcluster_</c>).</summary>
public static class PrometheusText
{
    private static readonly (string Reason, Func<SessionTotals, long> Read)[] ClosedReasons =
    [
        ("rejected", s => s.Rejected), ("timeout", s => s.Timeout), ("silent_timeout", s => s.SilentTimeout),
        ("final_timeout", s => s.FinalTimeout), ("offer_timeout", s => s.OfferTimeout), ("terminated", s => s.Regular),
        ("force_terminated", s => s.Forced),
    ];

    /// <summary>Writes the page.</summary>
    public static string Write(NodeStatistics node)
    {
        var page = new PrometheusWriter();
        Sessions(page, node);
        Traffic(page, node);
        Requests(page, node);
        Ports(page, node);
        Own(page, node);
        Runtime(page);
        return page.ToString();
    }

    private static void Sessions(PrometheusWriter page, NodeStatistics node)
    {
        var sessions = node.Sessions;
        page.Gauge("rtpengine_sessions", "Number of sessions").Value(sessions.Current, ("type", "own")).Value(0, ("type", "foreign"));
        page.Gauge("rtpengine_transcoded_media", "Media streams being transcoded").Value(0);
        page.Gauge("rtpengine_media_cache", "Media files cached").Value(0);
        page.Gauge("rtpengine_player_cache", "Encoded media cached").Value(0);
        page.Gauge("rtpengine_mediastreams", "Media streams by where they are forwarded")
            .Value(node.Media.Streams - node.Media.KernelStreams, ("type", "userspace")).Value(node.Media.KernelStreams, ("type", "kernel")).Value(0, ("type", "mixed"));
        page.Gauge("rtpengine_uptime_seconds", "Seconds since the start").Value((node.Now - node.Started) / 1e6);
        page.Counter("rtpengine_sessions_total", "Sessions begun").Value(sessions.Managed);
        page.Counter("rtpengine_closed_sessions_total", "Sessions ended or refused");
        foreach (var (reason, read) in ClosedReasons)
        {
            page.Value(read(sessions), ("reason", reason));
        }

        page.Counter("rtpengine_zero_packet_streams_total", "Streams that ended without a packet").Value(sessions.ZeroPacketStreams);
        page.Counter("rtpengine_one_way_sessions_total", "Sessions that ended with media one way only").Value(sessions.OneWay);
        page.Counter("rtpengine_call_duration_total", "Sum of the durations of ended sessions in seconds").Value(sessions.DurationMicros / 1e6);
        page.Counter("rtpengine_call_duration2_total", "Sum of the squared durations of ended sessions").Value(sessions.DurationSquared);
    }

    private static void Traffic(PrometheusWriter page, NodeStatistics node)
    {
        var (relayed, kernel) = (node.Media.Relayed, node.Media.Kernel);
        page.Counter("rtpengine_packets_total", "Relayed packets").Value(relayed.Packets, ("type", "userspace")).Value(kernel.Packets, ("type", "kernel"));
        page.Counter("rtpengine_packet_errors_total", "Packets not relayed for an error").Value(relayed.Errors, ("type", "userspace")).Value(kernel.Errors, ("type", "kernel"));
        page.Counter("rtpengine_bytes_total", "Relayed bytes").Value(relayed.Bytes, ("type", "userspace")).Value(kernel.Bytes, ("type", "kernel"));
    }

    private static void Requests(PrometheusWriter page, NodeStatistics node)
    {
        page.Counter("rtpengine_requests_total", "Requests by client and command");
        foreach (var row in node.Requests)
        {
            page.Value(row.Count, ("proxy", row.Proxy), ("request", row.Request));
        }

        page.Counter("rtpengine_request_seconds_total", "Time spent on requests by client and command");
        foreach (var row in node.Requests)
        {
            page.Value(row.Seconds, ("proxy", row.Proxy), ("request", row.Request));
        }

        page.Counter("rtpengine_errors_total", "Requests answered with an error");
        foreach (var (proxy, errors) in node.RequestErrors)
        {
            page.Value(errors, ("proxy", proxy));
        }
    }

    private static void Ports(PrometheusWriter page, NodeStatistics node)
    {
        foreach (var (name, help, read) in new (string, string, Func<PortPoolStatus, long>)[]
        {
            ("ports", "Ports of a local address", pool => pool.Max - pool.Min + 1),
            ("ports_used", "Ports in use", pool => pool.Used),
            ("ports_free", "Ports free", pool => pool.Max - pool.Min + 1 - pool.Used),
        })
        {
            page.Gauge("rtpengine_" + name, help);
            foreach (var pool in node.Ports)
            {
                page.Value(read(pool), ("name", pool.Interface.Name), ("address", pool.Interface.Address.ToString()));
            }
        }

        foreach (var (name, help, read) in new (string, string, Func<Counters, long>)[]
        {
            ("packets", "Packets of a local address", c => c.Packets),
            ("bytes", "Bytes of a local address", c => c.Bytes),
            ("errors", "Errors of a local address", c => c.Errors),
        })
        {
            page.Counter("rtpengine_interface_" + name, help);
            foreach (var pool in node.Ports)
            {
                string address = pool.Interface.Address.ToString();
                var totals = node.Media.Interfaces.GetValueOrDefault(address, new InterfaceTotals(default, default));
                page.Value(read(totals.Ingress), ("name", pool.Interface.Name), ("address", address), ("direction", "ingress"));
                page.Value(read(totals.Egress), ("name", pool.Interface.Name), ("address", address), ("direction", "egress"));
            }
        }
    }

    private static void Own(PrometheusWriter page, NodeStatistics node)
    {
        page.Counter("rtpcluster_drops_total", "Packets dropped by reason");
        foreach (var (reason, count) in node.Media.Drops)
        {
            page.Value(count, ("reason", reason));
        }

        page.Counter("rtpcluster_kernel_events_total", "What the kernel module told of by itself, by kind");
        foreach (var (kind, count) in node.Media.KernelEvents)
        {
            page.Value(count, ("event", kind));
        }

        page.Counter("rtpcluster_feedback_total", "Lost packets and key frames asked for and sent again");
        foreach (var (kind, count) in node.Media.Feedback)
        {
            page.Value(count, ("kind", kind));
        }

        page.Counter("rtpcluster_transports_total", "ICE and DTLS events");
        foreach (var (kind, count) in node.Media.Transports)
        {
            page.Value(count, ("kind", kind));
        }

        page.Gauge("rtpcluster_dtls_half_open", "DTLS handshakes that run").Value(node.Media.HalfOpenHandshakes);
        page.Counter("rtpcluster_media_process_restarts_total", "Times the media process died and was started again").Value(node.MediaRestarts);
        page.Gauge("rtpcluster_media_tier", "Packet I/O tier in use").Value(1, ("tier", node.Media.Tier));
        page.Gauge("rtpcluster_kernel_forwarding", "1: the kernel module forwards; 0: everything is relayed in userspace")
            .Value(node.KernelModule.Length > 0 ? 1 : 0, ("module", node.KernelModule));
        page.Gauge("rtpcluster_media_reactors", "Packet threads").Value(node.Media.Reactors);
        page.Gauge("rtpcluster_media_calls", "Calls in the media process").Value(node.Media.Calls);
        page.Counter("rtpcluster_media_reactor_allocated_bytes_total", "Bytes allocated by packet threads").Value(node.Media.ReactorAllocatedBytes);
        page.Gauge("rtpcluster_stored_calls", "Calls in the store").Value(node.StoredCalls);
        page.Gauge("rtpcluster_journal_bytes", "Length of the store's journal").Value(node.JournalBytes);
        page.Counter("rtpcluster_ng_messages_total", "ng messages that ran no command");
        foreach (var (kind, count) in node.ControlCounters)
        {
            page.Value(count, ("kind", kind));
        }
    }

    private static void Runtime(PrometheusWriter page)
    {
        page.Counter("rtpcluster_gc_collections_total", "Garbage collections of the control process");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            page.Value(GC.CollectionCount(generation), ("generation", generation.ToString()));
        }

        page.Counter("rtpcluster_gc_pause_seconds_total", "Time the control process stood still for collections").Value(GC.GetTotalPauseDuration().TotalSeconds);
        page.Counter("rtpcluster_allocated_bytes_total", "Bytes allocated by the control process").Value(GC.GetTotalAllocatedBytes());
        page.Gauge("rtpcluster_heap_bytes", "Managed heap of the control process").Value(GC.GetTotalMemory(false));
    }
}
