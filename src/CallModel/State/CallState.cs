using RtpCluster.Contracts;

namespace RtpCluster.CallModel;

/// <summary>
/// Everything we know of one call. A working object graph: verbs change a <see cref="Clone"/> that replaces the original only when the verb
/// succeeds. Its JSON (Snapshots/) is what the store keeps.
/// </summary>
public sealed class CallState
{
    /// <summary>Format of the JSON snapshot; a reader refuses newer ones.</summary>
    public const int SnapshotFormat = 1;

    /// <summary>Format this state was written in.</summary>
    public int Format { get; set; } = SnapshotFormat;

    /// <summary>The SIP Call-ID.</summary>
    public required string CallId { get; set; }

    /// <summary>Counts up with each save. The epoch of a plan is the version it was compiled from.</summary>
    public long Version { get; set; }

    /// <summary>Epoch of the last plan that was pushed; 0: none yet.</summary>
    public long PushedEpoch { get; set; }

    /// <summary>When the first offer came.</summary>
    public Instant Created { get; set; }

    /// <summary>When the last offer or answer (or other command that renegotiates) came.</summary>
    public Instant LastSignal { get; set; }

    /// <summary>When the call goes because of a delete; null: not deleted.</summary>
    public Instant? DeleteAt { get; set; }

    /// <summary>Address of the ng client that created the call.</summary>
    public string? CreatedFrom { get; set; }

    /// <summary><c>metadata</c> of the last command that had one.</summary>
    public string? Metadata { get; set; }

    /// <summary>IP TOS of this call; null: the option's.</summary>
    public byte? Tos { get; set; }

    /// <summary>Endpoint learning of this call; null: the option's.</summary>
    public LearningMode? EndpointLearning { get; set; }

    /// <summary>Drop everything that arrives (<c>drop-traffic</c>).</summary>
    public bool DropTraffic { get; set; }

    /// <summary>Call-wide block media.</summary>
    public bool BlockMedia { get; set; }

    /// <summary>Call-wide silence media.</summary>
    public bool SilenceMedia { get; set; }

    /// <summary>Call-wide block DTMF.</summary>
    public bool BlockDtmf { get; set; }

    /// <summary>Call-wide start forwarding: media is to be copied to the recording daemon.</summary>
    public bool Forwarding { get; set; }

    /// <summary>Settles ICE role conflicts, the same for all medias; 0: no ICE yet.</summary>
    public ulong IceTieBreaker { get; set; }

    /// <summary>The call's DTLS certificate: it stays when the node's is renewed. Null: no DTLS yet.</summary>
    public DtlsCertificate? Certificate { get; set; }

    /// <summary>Next free number for monologues, medias and streams: never reused.</summary>
    public int NextId { get; set; } = 1;

    /// <summary>The participants' halves in order of creation.</summary>
    public List<Monologue> Monologues { get; set; } = [];

    /// <summary>Who receives whose media.</summary>
    public List<MediaSubscription> Subscriptions { get; set; } = [];

    /// <summary>Every media of every monologue.</summary>
    public IEnumerable<CallMedia> Medias()
    {
        foreach (var monologue in Monologues)
        {
            foreach (var media in monologue.Medias)
            {
                yield return media;
            }
        }
    }

    /// <summary>A number that nothing in this call has had.</summary>
    public int TakeId() => NextId++;

    /// <summary>The monologue with that tag or alias; null: none.</summary>
    public Monologue? FindByTag(string tag) =>
        Monologues.Find(m => m.Tag == tag) ?? Monologues.Find(m => m.Aliases.Contains(tag));

    /// <summary>The monologue with that label; null: none.</summary>
    public Monologue? FindByLabel(string label) => Monologues.Find(m => m.Label == label);

    /// <summary>The monologue that owns a media.</summary>
    public Monologue OwnerOf(CallMedia media) => Monologues.Find(m => m.Id == media.MonologueId)!;

    /// <summary>The media with that id; null: none.</summary>
    public CallMedia? FindMedia(int id)
    {
        foreach (var monologue in Monologues)
        {
            foreach (var media in monologue.Medias)
            {
                if (media.Id == id)
                {
                    return media;
                }
            }
        }

        return null;
    }

    /// <summary>Makes a monologue and adds it.</summary>
    public Monologue AddMonologue(string? tag, Instant now)
    {
        var monologue = new Monologue { Id = TakeId(), Tag = tag, Created = now };
        Monologues.Add(monologue);
        return monologue;
    }

    /// <summary>Adds a media at the end of a monologue.</summary>
    public CallMedia AddMedia(Monologue monologue, string type)
    {
        var media = new CallMedia
        {
            Id = TakeId(),
            MonologueId = monologue.Id,
            Index = monologue.Medias.Count + 1,
            Type = type,
            RtpStream = new StreamId(TakeId()),
            RtcpStream = new StreamId(TakeId()),
        };
        monologue.Medias.Add(media);
        return media;
    }

    /// <summary>The subscription by which <paramref name="subscriber"/> receives <paramref name="publisher"/>; null: none.</summary>
    public MediaSubscription? FindSubscription(CallMedia publisher, CallMedia subscriber) =>
        Subscriptions.Find(s => s.Publisher == publisher.Id && s.Subscriber == subscriber.Id);

    /// <summary>Makes <paramref name="subscriber"/> receive <paramref name="publisher"/>, or returns the subscription that already does.</summary>
    public MediaSubscription Subscribe(CallMedia publisher, CallMedia subscriber, bool offerAnswer)
    {
        var subscription = FindSubscription(publisher, subscriber);
        if (subscription is null)
        {
            subscription = new MediaSubscription { Publisher = publisher.Id, Subscriber = subscriber.Id };
            Subscriptions.Add(subscription);
        }

        subscription.OfferAnswer = offerAnswer;
        return subscription;
    }

    /// <summary>Removes a monologue with its medias and every subscription that touches them.</summary>
    public void Remove(Monologue monologue)
    {
        foreach (var media in monologue.Medias)
        {
            Subscriptions.RemoveAll(s => s.Publisher == media.Id || s.Subscriber == media.Id);
        }

        Monologues.Remove(monologue);
    }

    /// <summary>The other monologues with which this one shares offer/answer subscriptions, in order of creation.</summary>
    public List<Monologue> Peers(Monologue monologue)
    {
        var peers = new List<Monologue>();
        foreach (var subscription in Subscriptions)
        {
            var other = subscription.OfferAnswer ? OtherSide(subscription, monologue) : null;
            if (other is not null && !peers.Contains(other))
            {
                peers.Add(other);
            }
        }

        return peers;
    }

    private Monologue? OtherSide(MediaSubscription subscription, Monologue monologue)
    {
        if (monologue.Medias.Exists(m => m.Id == subscription.Publisher))
        {
            return Monologues.Find(o => o.Medias.Exists(m => m.Id == subscription.Subscriber));
        }

        return monologue.Medias.Exists(m => m.Id == subscription.Subscriber)
            ? Monologues.Find(o => o.Medias.Exists(m => m.Id == subscription.Publisher))
            : null;
    }

    /// <summary>A deep copy: changing it does not touch this one.</summary>
    public CallState Clone()
    {
        var copy = (CallState)MemberwiseClone();
        copy.Monologues = Monologues.ConvertAll(m => m.Clone());
        copy.Subscriptions = Subscriptions.ConvertAll(s => s.Clone());
        return copy;
    }
}
