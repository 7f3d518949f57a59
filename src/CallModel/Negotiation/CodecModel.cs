using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>Why codecs cannot be negotiated.</summary>
public static class CodecRefusals
{
    /// <summary>Only transcoding could do what the request asks for.</summary>
    public const string Transcode = "not supported yet: transcode";

    /// <summary>A published media has no codec that we may take.</summary>
    public const string NoPublishCodec = "Failed to create SDP";

    /// <summary>A subscriber took none of the codecs we offered it.</summary>
    public const string NoSubscriberCodec = "Codec mismatch: none of the offered codecs was accepted (" + Transcode + ")";
}

/// <summary>The codecs of one media of an offer.</summary>
public sealed record CodecOffer
{
    /// <summary>What we print to the other side.</summary>
    public IReadOnlyList<SdpCodec> Printed { get; init; } = [];

    /// <summary>What counts as offered by the source: its list without the ignored ones. The answer is cut from this.</summary>
    public IReadOnlyList<SdpCodec> Offered { get; init; } = [];

    /// <summary>Nothing was left and flag <c>allow-no-codec-media</c> is set: the media is printed with port 0.</summary>
    public bool Rejected { get; init; }

    /// <summary>Why the request cannot be served; null: it can.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What the codecs of an answer depend on.</summary>
public sealed record CodecAnswerInput
{
    /// <summary>What counts as offered (<see cref="CodecOffer.Offered"/>), in the offerer's order.</summary>
    public required IReadOnlyList<SdpCodec> Offered { get; init; }

    /// <summary>What we printed to the answerer (<see cref="CodecOffer.Printed"/>).</summary>
    public required IReadOnlyList<SdpCodec> Printed { get; init; }

    /// <summary>The answerer's codecs in its order.</summary>
    public required IReadOnlyList<SdpCodec> Answered { get; init; }

    /// <summary>What we answered the offerer the last time; empty: nothing yet.</summary>
    public IReadOnlyList<SdpCodec> Previous { get; init; } = [];

    /// <summary>Flags single-codec, reuse-codecs, static-codecs, allow-no-codec-media.</summary>
    public NgFlags Flags { get; init; }
}

/// <summary>The codecs of one media of an answer.</summary>
public sealed record CodecAnswer
{
    /// <summary>What we print to the offerer.</summary>
    public IReadOnlyList<SdpCodec> Printed { get; init; } = [];

    /// <summary>Payload types to rename from the offerer to the answerer.</summary>
    public PayloadTypeMap[] ToAnswerer { get; init; } = [];

    /// <summary>Payload types to rename from the answerer to the offerer.</summary>
    public PayloadTypeMap[] ToOfferer { get; init; } = [];

    /// <summary>No codec in common and flag <c>allow-no-codec-media</c>: the media is printed with port 0.</summary>
    public bool Rejected { get; init; }
}
