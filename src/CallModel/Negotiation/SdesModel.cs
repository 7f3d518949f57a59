using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>What an SDES offer toward a party depends on.</summary>
public sealed record SdesOfferInput
{
    /// <summary>The crypto lines of the party that offers to us (or, for a subscriber, of the publisher); empty: it speaks no SDES.</summary>
    public IReadOnlyList<SdpCrypto> Source { get; init; } = [];

    /// <summary>The lines we last printed to the party that gets this offer, after pruning.</summary>
    public IReadOnlyList<SdpCrypto> Previous { get; init; } = [];

    /// <summary>Which of <see cref="Previous"/> that party has accepted; 0: none yet.</summary>
    public int AcceptedTag { get; init; }

    /// <summary>The request's SDES words.</summary>
    public required SdesOptions Options { get; init; }
}

/// <summary>What an SDES answer depends on.</summary>
public sealed record SdesAnswerInput
{
    /// <summary>The offerer's lines.</summary>
    public IReadOnlyList<SdpCrypto> Offerer { get; init; } = [];

    /// <summary>The lines we printed to the answerer; empty: we offered it no SDES, or there is no answerer (publish).</summary>
    public IReadOnlyList<SdpCrypto> Offered { get; init; } = [];

    /// <summary>The answerer's lines.</summary>
    public IReadOnlyList<SdpCrypto> Answered { get; init; } = [];

    /// <summary>The line that we last answered the offerer with; null: none yet.</summary>
    public SdpCrypto? Previous { get; init; }

    /// <summary>Do not look for the suite that the answerer took (the offer had <c>offerer_pref</c>, or <c>recrypt</c>).</summary>
    public bool NoMatching { get; init; }

    /// <summary>The request's SDES words.</summary>
    public required SdesOptions Options { get; init; }
}

/// <summary>SDES of one media on one side after an answer.</summary>
/// <param name="Printed">What we print (toward the offerer) or keep as printed (toward the answerer).</param>
/// <param name="Decrypt">Keys of what it sends; null: none.</param>
/// <param name="Encrypt">Keys of what we send it; null: none.</param>
public sealed record SdesSide(IReadOnlyList<SdpCrypto> Printed, SrtpKeys? Decrypt, SrtpKeys? Encrypt)
{
    /// <summary>No SDES.</summary>
    public static readonly SdesSide None = new([], null, null);

    /// <summary>It spoke SDES but the lines do not meet: nothing may be sent to it, least of all in clear.</summary>
    public bool IsBroken => (Decrypt is null) != (Encrypt is null);
}

/// <summary>SDES of one media on both sides after an answer.</summary>
/// <param name="Offerer">Toward the offerer.</param>
/// <param name="Answerer">Toward the answerer.</param>
public sealed record SdesAnswer(SdesSide Offerer, SdesSide Answerer)
{
    /// <summary>What the offerer sends may pass to the answerer as it is: same suite, same keys.</summary>
    public bool PassesToAnswerer => Offerer.Decrypt is not null && Offerer.Decrypt.Equals(Answerer.Encrypt);

    /// <summary>What the answerer sends may pass to the offerer as it is.</summary>
    public bool PassesToOfferer => Answerer.Decrypt is not null && Answerer.Decrypt.Equals(Offerer.Encrypt);
}
