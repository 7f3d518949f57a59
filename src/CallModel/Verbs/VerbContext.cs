using RtpCluster.CallModel.Trickle;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>
/// What a verb works with. A verb is a pure function over this. It may be run twice: when it asks for ports that cannot be had at once, the
/// machine throws its changes away, gets the ports, and runs it again from the start on a fresh copy of the call. So a verb must ask for the
/// same ports in the same order each time and need not care otherwise.
/// </summary>
public sealed class VerbContext(CallConfig config, CallState? call, NgCommand command, Instant now, IEntropy entropy)
{
    private readonly List<PortRequest> _requests = [];
    private readonly List<ushort> _ports = [];

    /// <summary>The node's options.</summary>
    public CallConfig Config => config;

    /// <summary>The request.</summary>
    public NgCommand Command => command;

    /// <summary>The time of the request.</summary>
    public Instant Now => now;

    /// <summary>Randomness: keys, tags, ids.</summary>
    public IEntropy Entropy => entropy;

    /// <summary>A working copy of the call, free to change; null: there is no such call. A verb that makes one assigns it.</summary>
    public CallState? Call { get; set; } = call;

    /// <summary>The call-id that the machine serves.</summary>
    public CallId CallId { get; init; }

    /// <summary>Running statistics, for verbs whose table row asks for them; null: none known.</summary>
    public CallStatistics? Statistics { get; init; }

    /// <summary>Ports that can be had at once; null: all have to be reserved.</summary>
    public IPortSource? Source { get; init; }

    /// <summary>The ports of the requests, in their order; those that an earlier run got are given. Shorter than the requests: some are missing.</summary>
    public IReadOnlyList<ushort> Reserved
    {
        get => _ports;
        init => _ports.AddRange(value);
    }

    /// <summary>What has been asked for so far.</summary>
    public IReadOnlyList<PortRequest> PortRequests => _requests;

    /// <summary>True when the verb asked for ports that are not there yet: its result does not count.</summary>
    public bool IsShortOfPorts => _requests.Count > _ports.Count;

    /// <summary>Warnings for the log and, joined, for the reply's <c>warning</c>.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>A fragment that came before the SDP it belongs to; null: none.</summary>
    public TrickleFragment? Early { get; set; }

    /// <summary>Gets <paramref name="count"/> ports (1, or 2: RTP even and RTCP next) of a local address; 0 while they are being reserved.</summary>
    public ushort ReservePorts(IpAddress address, int count)
    {
        var request = new PortRequest(address, count);
        if (_ports.Count == _requests.Count && Source?.TryTake(CallId, request, out ushort first) == true)
        {
            _ports.Add(first);
        }

        _requests.Add(request);
        return _requests.Count <= _ports.Count ? _ports[_requests.Count - 1] : (ushort)0;
    }

    /// <summary>Makes the call when there is none.</summary>
    public CallState GetOrCreateCall() => Call ??= new CallState
    {
        CallId = CallId.Value,
        Created = now,
        LastSignal = now,
        CreatedFrom = command.ClientAddress,
    };

    /// <summary>A random text of <paramref name="length"/> lower-case hex digits (an even number).</summary>
    public string RandomHex(int length)
    {
        Span<byte> bytes = stackalloc byte[length / 2];
        entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
