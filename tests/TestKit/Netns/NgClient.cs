using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace RtpCluster.TestKit.Netns;

/// <summary>A bencode-over-UDP ng client that runs inside a namespace. One request at a time.</summary>
public sealed partial class NgClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65536];
    private int _cookie;

    /// <summary>Opens a socket toward 127.0.0.1 of the namespace; null: this process's own namespace.</summary>
    public NgClient(NetworkNamespace? where, int port)
    {
        Socket Open()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 8000 };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }

        _socket = where is null ? Open() : where.Enter(Open);
    }

    /// <summary>True when a ping is answered by pong.</summary>
    public bool Ping() => TrySend("d7:command4:pinge") == "d6:result4:ponge";

    /// <summary>The list reply as sent.</summary>
    public string List() => TrySend("d7:command4:liste") ?? "";

    /// <summary>Sends a command with string values and returns the reply; null: nobody answered in 8 s.</summary>
    public string? Send(string command, params (string Key, string Value)[] values)
    {
        var text = new StringBuilder("d7:command").Append(Word(command));
        foreach (var (key, value) in values)
        {
            text.Append(Word(key)).Append(Word(value));
        }

        return TrySend(text.Append('e').ToString());
    }

    /// <summary>Sends a bencoded dictionary and returns the reply without its cookie; null: nobody answered in 8 s.</summary>
    public string? TrySend(string bencoded)
    {
        string cookie = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}_{GetHashCode()}_{_cookie++}");
        try
        {
            _socket.Send(Encoding.Latin1.GetBytes(cookie + " " + bencoded));
            while (true)
            {
                string reply = Encoding.Latin1.GetString(_buffer, 0, _socket.Receive(_buffer));
                if (reply.StartsWith(cookie + " ", StringComparison.Ordinal))
                {
                    return reply[(cookie.Length + 1)..];
                }
            }
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>A small G.711 body.</summary>
    public static string Sdp(string address, int port, string extra = "") =>
        $"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n{extra}";

    /// <summary>Places a call by offer and answer and returns the node's ports toward caller and callee.</summary>
    public (ushort TowardCaller, ushort TowardCallee) Call(string callId, string caller, int callerPort, string callee, int calleePort)
    {
        string offer = Send("offer", ("call-id", callId), ("from-tag", "a"), ("sdp", Sdp(caller, callerPort))) ?? "";
        string answer = Send("answer", ("call-id", callId), ("from-tag", "a"), ("to-tag", "b"), ("sdp", Sdp(callee, calleePort))) ?? "";
        return (PortOf(answer), PortOf(offer));
    }

    /// <summary>The first m= port of a reply.</summary>
    /// <exception cref="FormatException">The reply has none.</exception>
    public static ushort PortOf(string reply)
    {
        var match = MediaPort().Match(reply);
        return match.Success ? ushort.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : throw new FormatException("no SDP in: " + reply);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static string Word(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}");

    [GeneratedRegex(@"m=\w+ (\d+) ")]
    private static partial Regex MediaPort();
}
