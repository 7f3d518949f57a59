using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Fuzz.Targets;

/// <summary>RTP, RTCP and their secure forms.</summary>
internal static class MediaTargets
{
    private const int Room = 64;

    private static readonly SrtpContext[] Contexts = [.. SrtpSuiteInfo.All.Select(Create)];

    /// <summary>Header, extensions, padding: every part lies within the packet.</summary>
    public static void Rtp(byte[] packet)
    {
        RtpDemux.Classify(packet);
        if (!RtpHeader.TryParse(packet, out var header))
        {
            return;
        }

        FuzzFailure.Unless(header.PayloadOffset + header.PayloadLength <= packet.Length, "payload beyond the packet");
        RtpHeader.TryGetPadding(packet, header, out _);
        int bytes = 0;
        foreach (var extension in new RtpExtensions(packet, header))
        {
            bytes += extension.Data.Length;
        }

        FuzzFailure.Unless(bytes <= packet.Length, "extensions beyond the packet");
    }

    /// <summary>Every reader over every packet of the compound, and the feedback filter.</summary>
    public static void Rtcp(byte[] compound)
    {
        RtcpCompound.IsWellFormed(compound);
        foreach (var packet in new RtcpCompound(compound))
        {
            Read(packet);
        }

        int stripped = RtcpFeedbackFilter.Strip(compound, compound.Length);
        FuzzFailure.Unless(stripped >= 0 && stripped <= compound.Length, "stripping lengthened the compound");
    }

    /// <summary>Unprotect the input as it is; protect it, unprotect it again, and get it back.</summary>
    public static void Srtp(byte[] packet)
    {
        var context = Contexts[packet.Length % Contexts.Length];
        var inbound = default(SrtpSsrcState);
        context.TryUnprotectRtp(ref inbound, packet.AsSpan().ToArray(), out _, out _);

        var outbound = default(SrtpSsrcState);
        var buffer = new byte[packet.Length + Room];
        packet.CopyTo(buffer, 0);
        int length = context.ProtectRtp(ref outbound, buffer, packet.Length);
        if (length == 0)
        {
            return;
        }

        inbound = default;
        bool ok = context.TryUnprotectRtp(ref inbound, buffer.AsSpan(0, length), out int plain, out var result);
        FuzzFailure.Unless(ok && buffer.AsSpan(0, plain).SequenceEqual(packet), $"{context.Suite} round trip: {result}");
    }

    /// <summary>As <see cref="Srtp"/>, for SRTCP.</summary>
    public static void Srtcp(byte[] packet)
    {
        var context = Contexts[packet.Length % Contexts.Length];
        var inbound = default(SrtpSsrcState);
        context.TryUnprotectRtcp(ref inbound, packet.AsSpan().ToArray(), out _, out _);

        var outbound = default(SrtpSsrcState);
        var buffer = new byte[packet.Length + Room];
        packet.CopyTo(buffer, 0);
        int length = context.ProtectRtcp(ref outbound, buffer, packet.Length);
        if (length == 0)
        {
            return;
        }

        inbound = default;
        bool ok = context.TryUnprotectRtcp(ref inbound, buffer.AsSpan(0, length), out int plain, out var result);
        FuzzFailure.Unless(ok && buffer.AsSpan(0, plain).SequenceEqual(packet), $"{context.Suite} round trip: {result}");
    }

    private static void Read(RtcpPacket packet)
    {
        packet.TryGetSsrc(out _);
        _ = SenderReport.TryParse(packet, out _);
        for (int i = 0; i <= packet.Count; i++)
        {
            ReportBlock.TryParse(packet, i, out _);
        }

        if (Goodbye.TryParse(packet, out var goodbye))
        {
            for (int i = 0; i < goodbye.Count; i++)
            {
                _ = goodbye[i];
            }
        }

        _ = ApplicationPacket.TryParse(packet, out _);
        _ = FeedbackPacket.TryParse(packet, out _);
        foreach (var item in new SourceDescription(packet))
        {
            _ = item.Value.Length;
        }

        foreach (var block in new ExtendedReport(packet))
        {
            block.TryGetReferenceTime(out _);
            for (int i = 0; block.TryGetDelay(i, out _); i++)
            {
                FuzzFailure.Unless(i < packet.Bytes.Length, "more delays than bytes");
            }
        }
    }

    private static SrtpContext Create(SrtpSuiteInfo suite) => SrtpContext.Create(new SrtpKeys
    {
        Suite = suite.Suite,
        MasterKey = [.. Enumerable.Range(1, suite.KeyLength).Select(i => (byte)i)],
        MasterSalt = [.. Enumerable.Range(101, suite.SaltLength).Select(i => (byte)i)],
        Mki = suite.KeyLength == 16 ? [1, 2, 3, 4] : [],
    });
}
