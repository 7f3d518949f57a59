using RtpCluster.Contracts;

namespace RtpCluster.CallModel;

/// <summary>What facts from the media node change in the call's state.</summary>
internal static class FactRules
{
    private const int MaxCheckpointsPerStream = 40;

    /// <summary>What an idle call's end is called.</summary>
    public static CallEndReason EndReason(IdleReason reason) => reason switch
    {
        IdleReason.SilentTimeout => CallEndReason.SilentTimeout,
        IdleReason.OfferTimeout => CallEndReason.OfferTimeout,
        _ => CallEndReason.Timeout,
    };

    /// <summary>Keeps a fact; false: it says nothing new, or of a stream that is gone.</summary>
    public static bool Store(CallState state, MediaFact fact) => fact switch
    {
        EndpointLearned learned => Learn(state, learned),
        SrtpCheckpointed point => Checkpoint(state, point),
        DtlsKeyed keyed => Key(state, keyed),
        _ => false,
    };

    /// <summary>Keys of an association that is over by now are ignored.</summary>
    private static bool Key(CallState state, DtlsKeyed fact)
    {
        foreach (var media in state.Medias())
        {
            if (media.Dtls is not { } dtls || dtls.Association != fact.Association)
            {
                continue;
            }

            if (media.RtpStream == fact.Stream)
            {
                bool news = !Equals(media.DecryptKeys, fact.Decrypt);
                (media.DecryptKeys, media.EncryptKeys) = (fact.Decrypt, fact.Encrypt);
                return news;
            }

            if (media.RtcpStream == fact.Stream)
            {
                media.Dtls = dtls with { RtcpDecrypt = fact.Decrypt, RtcpEncrypt = fact.Encrypt };
                return true;
            }
        }

        return false;
    }

    private static bool Learn(CallState state, EndpointLearned fact)
    {
        foreach (var media in state.Medias())
        {
            if (media.RtpStream == fact.Stream)
            {
                bool news = media.LearnedRtp != fact.Endpoint;
                media.LearnedRtp = fact.Endpoint;
                return news;
            }

            if (media.RtcpStream == fact.Stream)
            {
                bool news = media.LearnedRtcp != fact.Endpoint;
                media.LearnedRtcp = fact.Endpoint;
                return news;
            }
        }

        return false;
    }

    private static bool Checkpoint(CallState state, SrtpCheckpointed fact)
    {
        foreach (var media in state.Medias())
        {
            if (media.RtpStream == fact.Stream || media.RtcpStream == fact.Stream)
            {
                Replace(media.RtpStream == fact.Stream ? media.RtpCheckpoints : media.RtcpCheckpoints, fact.State);
                return true;
            }
        }

        return false;
    }

    private static void Replace(List<SrtpCheckpoint> points, SrtpCheckpoint point)
    {
        points.RemoveAll(p => p.Ssrc == point.Ssrc && p.Outbound == point.Outbound);
        points.Add(point);
        if (points.Count > MaxCheckpointsPerStream)
        {
            points.RemoveAt(0);
        }
    }
}
