using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Drills;

/// <summary>A call with two phones that send RTP both ways.</summary>
public sealed partial class DrillCall : IDisposable
{
    private const string Host = "10.77.0.100";
    private readonly Proxy _proxy;
    private readonly Keying _keying;
    private readonly int _port;
    private readonly RtpPeer _caller;
    private readonly RtpPeer _callee;

    /// <summary>Offers at one node and answers at another.</summary>
    public DrillCall(
        ClusterLab lab, Proxy proxy, RtpPacer pacer, string id, int port, int[] offerAt, int[] answerAt, string? mediaInterface = null,
        Protection protection = Protection.None)
    {
        _proxy = proxy;
        Id = id;
        Protection = protection;
        _keying = new Keying(protection);
        _port = port;
        _callee = RtpPeer.Open(lab.Phones, IPAddress.Parse(Host), port + 2, (uint)port + 2);
        string offer = Offer(offerAt, mediaInterface) ?? throw new InvalidOperationException("no answer to the offer");
        string answer = Answer(answerAt) ?? throw new InvalidOperationException("no answer to the answer");
        _callee.Remote = EndpointOf(offer);
        var keys = _keying.Keys(answer, lab.Phones, new(IPAddress.Parse(Host), port), EndpointOf(answer));
        _caller = RtpPeer.Open(lab.Phones, IPAddress.Parse(Host), port, (uint)port);
        _caller.UseSrtp(keys?.Send, keys?.Receive);
        _caller.Remote = EndpointOf(answer);
        Media = _caller.Remote.Address.ToString();
        pacer.Add(_caller);
        pacer.Add(_callee);
    }

    /// <summary>The call-id.</summary>
    public string Id { get; }

    /// <summary>How the caller's leg is protected.</summary>
    public Protection Protection { get; }

    /// <summary>Address of the node that carries the media.</summary>
    public string Media { get; }

    /// <summary>Where the callee was told to send.</summary>
    public IPEndPoint TowardCallee => _callee.Remote!;

    /// <summary>Where the caller was told to send.</summary>
    public IPEndPoint TowardCaller => _caller.Remote!;

    /// <summary>Packets that were sent and have not arrived.</summary>
    public int Lost => _caller.Sent + _callee.Sent - _caller.Received - _callee.Received;

    /// <summary>
    /// The longest time that either phone heard nothing, since <see cref="WatchGaps"/>; at least what its lost packets, 20 ms each, amount to: a
    /// stream that never came back has a gap as well.
    /// </summary>
    public TimeSpan LongestGap
    {
        get
        {
            int lost = Math.Max(_caller.Sent - _callee.Received, _callee.Sent - _caller.Received);
            return TimeSpan.FromTicks(Math.Max(TimeSpan.FromMilliseconds(20 * lost).Ticks, Math.Max(_caller.LongestGap.Ticks, _callee.LongestGap.Ticks)));
        }
    }

    /// <summary>Begins to measure <see cref="LongestGap"/>.</summary>
    public void WatchGaps()
    {
        _caller.WatchGaps();
        _callee.WatchGaps();
    }

    /// <summary>Packets sent.</summary>
    public int Sent => _caller.Sent + _callee.Sent;

    /// <summary>Sends for so long.</summary>
    public void Talk(double seconds)
    {
        _caller.Send((int)(seconds * 50));
        _callee.Send((int)(seconds * 50));
    }

    /// <summary>Both phones have heard something.</summary>
    public bool Flows => _caller.Received > 0 && _callee.Received > 0;

    /// <summary>Nothing more to send.</summary>
    public bool Idle => _caller.Idle && _callee.Idle;

    /// <summary>Offers (again).</summary>
    public string? Offer(int[] at, string? mediaInterface) =>
        _proxy.Ask(at, "offer", [("call-id", Id), ("from-tag", "a"), .. OfferKeys, .. mediaInterface is null ? [] : new[] { ("interface", mediaInterface) }]);

    /// <summary>Answers (again).</summary>
    public string? Answer(params int[] at) =>
        _proxy.Ask(at, "answer", ("call-id", Id), ("from-tag", "a"), ("to-tag", "b"), ("sdp", NgClient.Sdp(Host, _callee.Port)));

    /// <summary>Offers again within the dialogue.</summary>
    public string? Reoffer(params int[] at) =>
        _proxy.Ask(at, "offer", [("call-id", Id), ("from-tag", "a"), ("to-tag", "b"), .. OfferKeys]);

    // The callee always speaks plain RTP.
    private (string Key, string Value)[] OfferKeys => [("sdp", _keying.Sdp(Host, _port)), ("transport-protocol", "RTP/AVP")];

    /// <summary>Asks about the call.</summary>
    public string? Query(params int[] at) => _proxy.Ask(at, "query", ("call-id", Id));

    /// <summary>Ends the call.</summary>
    public string? Delete(params int[] at) => _proxy.Ask(at, "delete", ("call-id", Id), ("from-tag", "a"), ("delete delay", "0"));

    /// <summary>The command went well.</summary>
    public static bool IsOk(string? reply) => reply?.Contains("6:result2:ok", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _caller.Dispose();
        _callee.Dispose();
    }

    /// <summary>Where an SDP in a reply wants media.</summary>
    public static IPEndPoint EndpointOf(string reply)
    {
        var address = ConnectionAddress().Match(reply);
        var port = MediaPort().Match(reply);
        return address.Success && port.Success
            ? new(IPAddress.Parse(address.Groups[1].Value), int.Parse(port.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new FormatException("no SDP in: " + reply);
    }

    [GeneratedRegex(@"c=IN IP4 ([0-9.]+)")]
    private static partial Regex ConnectionAddress();

    [GeneratedRegex(@"m=\w+ (\d+) ")]
    private static partial Regex MediaPort();
}
