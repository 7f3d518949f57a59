using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace RtpCluster.Drills.Load;

/// <summary>A call with two phones that send RTP both ways.</summary>
public sealed partial class WatchedCall(RetryingProxy proxy, PhoneLeg? caller, PhoneLeg? callee, string id, string? mediaInterface)
{
    private readonly (string, string)[] _interface = mediaInterface is null ? [] : [("interface", mediaInterface)];

    /// <summary>How the caller's leg is protected; the callee speaks plain RTP.</summary>
    public Keying Keying { get; init; } = Keying.Plain;

    /// <summary>The call-id.</summary>
    public string Id => id;

    /// <summary>Its directions; none: a call without media.</summary>
    public IEnumerable<PhoneLeg> Legs => new[] { caller, callee }.OfType<PhoneLeg>();

    /// <summary>Address of the node that carries the media.</summary>
    public string Media => TowardCallee?.Address.ToString() ?? string.Empty;

    /// <summary>Where the callee was told to send; null: not yet.</summary>
    public IPEndPoint? TowardCallee { get; private set; }

    /// <summary>Where the caller was told to send; null: not yet.</summary>
    public IPEndPoint? TowardCaller { get; private set; }

    /// <summary>Sets the call up: offer at one node, answer at another.</summary>
    public async Task<bool> PlaceAsync(int[] offerAt, int[] answerAt)
    {
        string? offer = await proxy.AskAsync(offerAt, "offer", [("call-id", id), ("from-tag", "a"), .. Keying.Offer, .. _interface]);
        string? answer = await AnswerAsync(answerAt);
        if (offer is null || answer is null || !TryEndpointOf(offer, out var toward) || !TryEndpointOf(answer, out var back))
        {
            return false;
        }

        TowardCallee = toward;
        TowardCaller = back;
        if (caller is not null && callee is not null && await Task.Run(() => Keying.Keys(answer, back)) is { } keys)
        {
            caller.Secure(keys.Send, null);
            callee.Secure(null, keys.Receive);
        }

        caller?.Aim(back);
        callee?.Aim(toward);
        return true;
    }

    /// <summary>Begins or ends to talk.</summary>
    public void Talk(bool on)
    {
        foreach (var leg in Legs)
        {
            leg.Talks = on;
        }
    }

    /// <summary>Answers (again).</summary>
    public Task<string?> AnswerAsync(params int[] at) =>
        proxy.AskAsync(at, "answer", ("call-id", id), ("from-tag", "a"), ("to-tag", "b"), ("sdp", Keying.Answer));

    /// <summary>Offers again within the dialogue.</summary>
    public Task<string?> ReofferAsync(params int[] at) =>
        proxy.AskAsync(at, "offer", [("call-id", id), ("from-tag", "a"), ("to-tag", "b"), .. Keying.Offer]);

    /// <summary>Asks about the call.</summary>
    public Task<string?> QueryAsync(params int[] at) => proxy.AskAsync(at, "query", ("call-id", id));

    /// <summary>Ends the call.</summary>
    public Task<string?> DeleteAsync(params int[] at) => proxy.AskAsync(at, "delete", ("call-id", id), ("from-tag", "a"), ("delete delay", "0"));

    /// <summary>The command went well.</summary>
    public static bool IsOk(string? reply) => reply?.Contains("6:result2:ok", StringComparison.Ordinal) == true;

    /// <summary>Where an SDP in a reply wants media.</summary>
    public static bool TryEndpointOf(string reply, out IPEndPoint endpoint)
    {
        var address = ConnectionAddress().Match(reply);
        var port = MediaPort().Match(reply);
        bool found = address.Success && port.Success;
        endpoint = found ? new(IPAddress.Parse(address.Groups[1].Value), int.Parse(port.Groups[1].Value, CultureInfo.InvariantCulture)) : new(0, 0);
        return found;
    }

    [GeneratedRegex(@"c=IN IP[46] ([0-9a-fA-F.:]+)")]
    private static partial Regex ConnectionAddress();

    [GeneratedRegex(@"m=\w+ (\d+) ")]
    private static partial Regex MediaPort();
}
