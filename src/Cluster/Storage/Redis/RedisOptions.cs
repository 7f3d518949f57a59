using System.Globalization;

namespace RtpCluster.Cluster.Storage;

/// <summary>Where Redis is and how to speak to it.</summary>
public sealed record RedisOptions
{
    /// <summary>The server, or with <see cref="Sentinels"/> any of them: ignored then.</summary>
    public RedisEndpoint Server { get; init; } = new("127.0.0.1", 6379);

    /// <summary>Sentinels; empty: none.</summary>
    public IReadOnlyList<RedisEndpoint> Sentinels { get; init; } = [];

    /// <summary>What the sentinels call the master.</summary>
    public string MasterName { get; init; } = "mymaster";

    /// <summary>ACL user; empty: the default user.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Password; empty: none.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>Database number, from 0.</summary>
    public int Database { get; init; }

    /// <summary>Speak TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file with the CA that signed the server's certificate; empty: the system's.</summary>
    public string TlsCaFile { get; init; } = string.Empty;

    /// <summary>How many replicas must have a commit before it counts; default 0.</summary>
    public int WaitReplicas { get; init; }

    /// <summary>How long an answer may take, ms; default 500. A connection that is slower is given up.</summary>
    public int TimeoutMillis { get; init; } = 500;

    /// <summary>How long a connection may take to come up, ms; default 1000.</summary>
    public int ConnectMillis { get; init; } = 1000;

    /// <summary>Reads the peer's spelling <c>[[user:]password@]host[:port][/db]</c>; null: it is none.</summary>
    public static RedisOptions? Parse(string text, int defaultPort = 6379)
    {
        int at = text.LastIndexOf('@');
        string auth = at < 0 ? string.Empty : text[..at];
        string rest = text[(at + 1)..];
        int slash = rest.IndexOf('/');
        int database = 0;
        if (slash >= 0 && !int.TryParse(rest.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out database))
        {
            return null;
        }

        if (RedisEndpoint.Parse(slash < 0 ? rest : rest[..slash], defaultPort) is not { } server)
        {
            return null;
        }

        int colon = auth.IndexOf(':');
        return new() { Server = server, Database = database, User = colon > 0 ? auth[..colon] : string.Empty, Password = auth[(colon + 1)..] };
    }
}

/// <summary>A host and a port.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
public sealed record RedisEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host[:port]</c> or <c>[address]:port</c>; null: it is none.</summary>
    public static RedisEndpoint? Parse(string text, int defaultPort)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > 0 && (text.IndexOf(':') == colon || text[colon - 1] == ']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int port = defaultPort;
        return host.Length == 0 || (hasPort && !(int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536))
            ? null
            : new(host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
