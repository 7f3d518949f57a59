namespace RtpCluster.Sdp;

/// <summary>Collects the lines of one body. Each method returns null, or what is wrong with its line.</summary>
internal sealed class SdpBuilder(bool strict)
{
    private static readonly string[] BandwidthTypes = ["AS", "RR", "RS", "TIAS", "CT"];

    private readonly List<SdpSession> _sessions = [];
    private SdpSection? _session;
    private SdpSection? _media;
    private List<SdpMedia> _medias = [];
    private SdpMedia? _head;
    private SdpOrigin? _origin;
    private string _name = "-";
    private string? _timing;

    /// <summary>A v= line was seen.</summary>
    public bool HasSession => _session is not null;

    private SdpSection Section => _media ?? _session!;

    public string? BeginSession()
    {
        EndSession();
        _session = new SdpSection();
        _medias = [];
        _origin = null;
        _name = "-";
        _timing = null;
        return null;
    }

    public string? BeginMedia(ReadOnlySpan<char> value)
    {
        EndMedia();
        var type = SdpText.ReadWord(ref value);
        var count = SdpText.ReadWord(ref value);
        var protocol = SdpText.ReadWord(ref value);
        if (value.IsEmpty)
        {
            return "m= needs type, port, protocol and formats";
        }

        var portText = SdpText.ReadUntil(ref count, '/');
        if (!SdpText.TryReadNumber(portText, out int port) || port > ushort.MaxValue)
        {
            return "the port is not a number from 0 to 65535";
        }

        int portCount = 1;
        if (!count.IsEmpty && (!SdpText.TryReadNumber(count, out portCount) || portCount is < 1 or > SdpParser.MaxPortCount))
        {
            return $"the number of ports is not from 1 to {SdpParser.MaxPortCount}";
        }

        _head = new SdpMedia
        {
            Type = type.ToString(),
            Port = port,
            PortCount = portCount,
            Protocol = protocol.ToString(),
            Formats = ReadFormats(value),
        };
        _media = new SdpSection();
        return null;
    }

    public string? Attribute(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty && strict)
        {
            return "the attribute has no name";
        }

        int colon = value.IndexOf(':');
        Section.Attributes.Add(colon < 0
            ? new SdpAttribute(value.ToString(), null)
            : new SdpAttribute(value[..colon].ToString(), value[(colon + 1)..].ToString()));
        return null;
    }

    public string? Line(char letter, ReadOnlySpan<char> value)
    {
        switch (letter)
        {
            case 'c':
                return Connection(value);
            case 'b':
                return Bandwidth(value);
            case 'i' when _media is not null:
                _media.Info ??= value.ToString();
                return null;
            case 'k' or 'r' or 'z':
                Section.Keep(letter, value);
                return null;
            default:
                return _media is null ? SessionLine(letter, value) : Unknown(letter, value, "a line of the session stands behind m=");
        }
    }

    /// <summary>The sessions of the whole body.</summary>
    public IReadOnlyList<SdpSession> Finish()
    {
        EndSession();
        return _sessions;
    }

    private static List<string> ReadFormats(ReadOnlySpan<char> value)
    {
        var formats = new List<string>();
        while (!value.IsEmpty)
        {
            formats.Add(SdpText.ReadWord(ref value).ToString());
        }

        return formats;
    }

    private string? SessionLine(char letter, ReadOnlySpan<char> value)
    {
        switch (letter)
        {
            case 'o':
                return Origin(value);
            case 's':
                _name = value.ToString();
                return null;
            case 't':
                _timing ??= value.ToString();
                return null;
            case 'i' or 'u' or 'e' or 'p':
                _session!.InfoLines.Add($"{letter}={value}");
                return null;
            default:
                return Unknown(letter, value, "unknown line letter");
        }
    }

    private string? Unknown(char letter, ReadOnlySpan<char> value, string problem)
    {
        if (strict)
        {
            return problem;
        }

        Section.Keep(letter, value);
        return null;
    }

    private string? Origin(ReadOnlySpan<char> value)
    {
        string username = SdpText.ReadWord(ref value).ToString();
        string sessionId = SdpText.ReadWord(ref value).ToString();
        string version = SdpText.ReadWord(ref value).ToString();
        string netType = SdpText.ReadWord(ref value).ToString();
        string family = SdpText.ReadWord(ref value).ToString();
        if (version.Length == 0 || (strict && value.IsEmpty))
        {
            return "o= needs username, session id, version, IN, address family and address";
        }

        bool complete = !value.IsEmpty;
        _origin ??= complete
            ? new SdpOrigin(username, sessionId, version, netType, family, value.ToString())
            : new SdpOrigin(username, sessionId, version, "IN", "IP4", "0.0.0.0");
        return null;
    }

    private string? Connection(ReadOnlySpan<char> value)
    {
        if (!SdpText.TryReadAddress(value, out var address) && strict)
        {
            return "c= needs IN, address family and address";
        }

        Section.Connection ??= new SdpConnection(address, value.ToString());
        return null;
    }

    private string? Bandwidth(ReadOnlySpan<char> value)
    {
        var rest = value;
        var type = SdpText.ReadUntil(ref rest, ':');
        if (!long.TryParse(rest, System.Globalization.NumberStyles.None, null, out long number))
        {
            return Unknown('b', value, "b= needs type:number");
        }

        foreach (string known in BandwidthTypes)
        {
            if (type.SequenceEqual(known))
            {
                Section.Bandwidths.Add(new SdpBandwidth(known, number));
                return null;
            }
        }

        Section.Keep('b', value);
        return null;
    }

    private void EndMedia()
    {
        if (_head is null || _media is null)
        {
            return;
        }

        _medias.Add(_head with
        {
            Info = _media.Info,
            Connection = _media.Connection,
            Bandwidths = _media.Bandwidths,
            Attributes = _media.Attributes,
            OtherLines = _media.OtherLines,
        });
        _head = null;
        _media = null;
    }

    private void EndSession()
    {
        EndMedia();
        if (_session is null)
        {
            return;
        }

        _sessions.Add(new SdpSession
        {
            Origin = _origin ?? new SdpOrigin("-", "0", "0", "IN", "IP4", "0.0.0.0"),
            Name = _name,
            InfoLines = _session.InfoLines,
            Connection = _session.Connection,
            Bandwidths = _session.Bandwidths,
            Timing = _timing ?? "0 0",
            Attributes = _session.Attributes,
            OtherLines = _session.OtherLines,
            Medias = _medias,
        });
        _session = null;
    }
}
