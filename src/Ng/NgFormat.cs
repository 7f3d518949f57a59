namespace RtpCluster.Ng;

/// <summary>How a message is written on the wire. A reply uses the format of its request.</summary>
public enum NgFormat
{
    /// <summary>Bencode: the first byte is <c>d</c>.</summary>
    Bencode,

    /// <summary>A JSON object: the first byte is <c>{</c>.</summary>
    Json,
}
