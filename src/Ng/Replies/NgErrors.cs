namespace RtpCluster.Ng;

/// <summary>Error reasons that clients match literally or that operators grep for. Texts are protocol: never reword them.</summary>
public static class NgErrors
{
    /// <summary>A cookie and nothing after it.</summary>
    public const string NoPayload = "Invalid data (no payload)";

    /// <summary>Starts like bencode, is not.</summary>
    public const string BadBencode = "Could not decode bencode dictionary";

    /// <summary>Starts like JSON, is not.</summary>
    public const string BadJson = "Failed to parse JSON document";

    /// <summary>Neither bencode nor JSON.</summary>
    public const string BadFormat = "Invalid NG data format";

    /// <summary>No <c>command</c>.</summary>
    public const string NoCommand = "Dictionary contains no key \"command\"";

    /// <summary>A <c>command</c> nobody knows.</summary>
    public const string UnrecognizedCommand = "Unrecognized command";

    /// <summary>Signalling without a body.</summary>
    public const string NoSdp = "No SDP body in message";

    /// <summary>Signalling without its call.</summary>
    public const string NoCallId = "No call-id in message";

    /// <summary>Signalling without its sender.</summary>
    public const string NoFromTag = "No from-tag in message";

    /// <summary>An answer without its receiver.</summary>
    public const string NoToTag = "No to-tag in message";

    /// <summary>The call is not here.</summary>
    public const string UnknownCallId = "Unknown call-id";

    /// <summary>The SDP parser refused the body.</summary>
    public const string BadSdp = "Failed to parse SDP";

    /// <summary>The SDP lacks what media needs (address, media).</summary>
    public const string IncompleteSdp = "Incomplete SDP specification";

    /// <summary>Tags that cannot form a dialogue.</summary>
    public const string InvalidDialogue = "Invalid dialogue association";

    /// <summary>The SDP printer could not.</summary>
    public const string RewriteFailed = "Error rewriting SDP";

    /// <summary>Kamailio matches this literally and tries another node.</summary>
    public const string OutOfPorts = "Ran out of ports";

    /// <summary>Kamailio matches this literally and tries another node.</summary>
    public const string SessionLimit = "Parallel session limit reached";
}
