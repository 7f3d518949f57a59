using System.Collections.Frozen;
using RtpCluster.CallModel.Trickle;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>One ng verb that concerns a call.</summary>
/// <param name="Verb">Which.</param>
/// <param name="Run">What it does.</param>
/// <param name="ReadsStatistics">It wants the running statistics of a call that exists.</param>
public sealed record VerbRow(NgVerb Verb, Func<VerbContext, VerbResult> Run, bool ReadsStatistics = false);

/// <summary>Every verb of the call machine: add a row to add a verb.</summary>
public static class VerbTable
{
    private static readonly FrozenDictionary<NgVerb, VerbRow> Rows = new List<VerbRow>
    {
        new(NgVerb.Offer, FragmentVerb.Or(OfferVerb.Run)),
        new(NgVerb.Answer, FragmentVerb.Or(AnswerVerb.Run)),
        new(NgVerb.Delete, DeleteVerb.Run, ReadsStatistics: true),
        new(NgVerb.Query, QueryVerb.Run, ReadsStatistics: true),
        new(NgVerb.Publish, FragmentVerb.Or(PublishVerb.Run)),
        new(NgVerb.SubscribeRequest, SubscribeRequestVerb.Run),
        new(NgVerb.SubscribeAnswer, FragmentVerb.Or(SubscribeAnswerVerb.Run)),
        new(NgVerb.Unsubscribe, UnsubscribeVerb.Run),
        new(NgVerb.Connect, ConnectVerb.Run),
        new(NgVerb.BlockMedia, MediaControlVerb.BlockMedia.Start),
        new(NgVerb.UnblockMedia, MediaControlVerb.BlockMedia.Stop),
        new(NgVerb.SilenceMedia, MediaControlVerb.SilenceMedia.Start),
        new(NgVerb.UnsilenceMedia, MediaControlVerb.SilenceMedia.Stop),
        new(NgVerb.BlockDtmf, MediaControlVerb.BlockDtmf.Start),
        new(NgVerb.UnblockDtmf, MediaControlVerb.BlockDtmf.Stop),
        new(NgVerb.StartForwarding, MediaControlVerb.Forwarding.Start),
        new(NgVerb.StopForwarding, MediaControlVerb.Forwarding.Stop),
    }.ToFrozenDictionary(row => row.Verb);

    /// <summary>The row of a verb; null: this build cannot do it.</summary>
    public static VerbRow? Find(NgVerb verb) => Rows.GetValueOrDefault(verb);
}
