using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Control;

/// <summary>Where and how the control protocols listen. Read once, at start.</summary>
public sealed record ControlOptions
{
    /// <summary><c>listen-ng</c>: ng over UDP. Default: none.</summary>
    public IReadOnlyList<NetEndpoint> ListenNg { get; init; } = [];

    /// <summary><c>listen-tcp-ng</c>: ng over TCP, bencode only. Default: none.</summary>
    public IReadOnlyList<NetEndpoint> ListenTcpNg { get; init; } = [];

    /// <summary><c>listen-http</c>: HTTP and WebSocket. Default: none.</summary>
    public IReadOnlyList<NetEndpoint> ListenHttp { get; init; } = [];

    /// <summary><c>listen-https</c>: HTTPS and secure WebSocket. Needs <see cref="HttpsCert"/>. Default: none.</summary>
    public IReadOnlyList<NetEndpoint> ListenHttps { get; init; } = [];

    /// <summary><c>listen-cli</c>: command-line interface over TCP. Unauthenticated: keep it on loopback. Default: none.</summary>
    public IReadOnlyList<NetEndpoint> ListenCli { get; init; } = [];

    /// <summary><c>https-cert</c>: PEM file with the certificate chain.</summary>
    public string? HttpsCert { get; init; }

    /// <summary><c>https-key</c>: PEM file with the private key; null: it is in the certificate file.</summary>
    public string? HttpsKey { get; init; }

    /// <summary><c>demo-page</c>: <c>GET /demo</c> serves a page in which browser tabs meet in a room. Default: off.</summary>
    public bool DemoPage { get; init; }

    /// <summary>Signalling templates.</summary>
    public NgTemplates Templates { get; init; } = NgTemplates.Empty;

    /// <summary>Whether the node can do its work now, for <c>GET /ready</c>. Default: always.</summary>
    public Func<bool> Ready { get; init; } = static () => true;

    /// <summary><c>control-tos</c>: TOS or traffic class byte of replies over UDP, 0 to 255. Default: 0.</summary>
    public int ControlTos { get; init; }

    /// <summary>Largest request in bytes on the stream transports. Default: 256 KiB. Larger: more memory per hostile connection.</summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024;

    /// <summary>Requests that run at once; further ones are dropped and counted, and the client retries. Default: 10,000.</summary>
    public int MaxRunningRequests { get; init; } = 10_000;

    /// <summary>Open connections of one listening address; further ones are closed at once and counted. Default: 1,000.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>How long a client may take for one CLI line, an HTTP header, or to take a reply. Default: 30 s.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an HTTP connection may idle between requests. Default: 60 s.</summary>
    public TimeSpan HttpIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for running requests. Default: 2 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
