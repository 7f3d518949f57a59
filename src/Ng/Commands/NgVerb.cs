namespace RtpCluster.Ng;

/// <summary>The commands of the ng protocol.</summary>
public enum NgVerb
{
    /// <summary>Not a command we know.</summary>
    Unknown,
    Ping, Offer, Answer, Delete, Query, List, Statistics,
    StartRecording, StopRecording, PauseRecording, StartForwarding, StopForwarding,
    BlockDtmf, UnblockDtmf, BlockMedia, UnblockMedia, SilenceMedia, UnsilenceMedia,
    PlayMedia, StopMedia, PlayDtmf,
    Publish, SubscribeRequest, SubscribeAnswer, Unsubscribe, Connect,
    InjectStart, InjectStop, Transform, Create, CreateAnswer, Mesh, Cli,
}
