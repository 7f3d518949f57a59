// a=simulcast: RFC 8853 section 5.1; a=rid: RFC 8851; a=ssrc-group:SIM: draft-westerlund-avtcore-rtp-simulcast, what browsers sent before.
namespace RtpCluster.Sdp;

/// <summary>The simulcast layers that an SDP offers to send.</summary>
public static class SimulcastAttribute
{
    /// <summary>Attributes that are about layers: another side that gets one stream must not see them.</summary>
    public static readonly IReadOnlyList<string> Names = ["simulcast", "rid", "ssrc-group", "ssrc"];

    /// <summary>The RTP stream ids after "send" of a simulcast attribute's value, in order; of alternatives the first. Empty: none.</summary>
    public static IReadOnlyList<string> SentRids(ReadOnlySpan<char> value)
    {
        var direction = SdpText.ReadWord(ref value);
        while (!direction.IsEmpty && !direction.SequenceEqual("send"))
        {
            SdpText.ReadWord(ref value);
            direction = SdpText.ReadWord(ref value);
        }

        var rids = new List<string>();
        var list = SdpText.ReadWord(ref value);
        while (!list.IsEmpty)
        {
            var stream = SdpText.ReadUntil(ref list, ';');
            string rid = SdpText.ReadUntil(ref stream, ',').TrimStart('~').ToString();
            if (rid.Length > 0 && !rids.Contains(rid))
            {
                rids.Add(rid);
            }
        }

        return rids;
    }

    /// <summary>The SSRCs of an ssrc-group attribute's value (RFC 5576 section 4.2) when its meaning is the wanted one, in order; empty: another meaning.</summary>
    /// <param name="value">The value.</param>
    /// <param name="semantics">SIM: layers; FID: a stream and its retransmissions.</param>
    public static IReadOnlyList<uint> GroupedSsrcs(ReadOnlySpan<char> value, string semantics = "SIM")
    {
        var ssrcs = new List<uint>();
        if (SdpText.ReadWord(ref value).SequenceEqual(semantics))
        {
            for (var word = SdpText.ReadWord(ref value); !word.IsEmpty; word = SdpText.ReadWord(ref value))
            {
                if (!uint.TryParse(word, out uint ssrc))
                {
                    return [];
                }

                ssrcs.Add(ssrc);
            }
        }

        return ssrcs;
    }
}
