using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>What a node does when another one asks it for something.</summary>
/// <param name="body">The message, read before the first wait.</param>
/// <returns>The answer; null: the message means nothing to us.</returns>
internal delegate ValueTask<IMessage?> PeerRow(ReadOnlySequence<byte> body);

/// <summary>Everything that nodes ask of each other: by name in a URL, and what is frequent also by number on a stream.</summary>
internal sealed class PeerRows
{
    /// <summary>The URL of streams.</summary>
    public const string Stream = "stream";

    /// <summary>Numbers on a stream.</summary>
    public const byte Command = 1, Media = 2, Fact = 3;

    private readonly PeerService _service;
    private readonly FrozenDictionary<string, PeerRow> _byName;
    private readonly PeerRow?[] _byKind;

    /// <summary>Makes the table.</summary>
    public PeerRows(PeerService service)
    {
        _service = service;
        _byKind = [null, CommandAsync, MediaAsync, FactAsync];
        _byName = new Dictionary<string, PeerRow>
        {
            ["probe"] = ProbeAsync,
            ["fence"] = FenceAsync,
            ["command"] = CommandAsync,
            ["media"] = MediaAsync,
            ["fact"] = FactAsync,
            ["ask"] = AskAsync,
            ["leave"] = LeaveAsync,
        }.ToFrozenDictionary();
    }

    /// <summary>What a URL means.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out PeerRow? row) => _byName.TryGetValue(name, out row);

    /// <summary>What a number on a stream means.</summary>
    public bool TryFind(byte kind, [NotNullWhen(true)] out PeerRow? row) => (row = kind < _byKind.Length ? _byKind[kind] : null) is not null;

    private async ValueTask<IMessage?> ProbeAsync(ReadOnlySequence<byte> body)
    {
        var message = ProbeMessage.Parser.ParseFrom(body);
        if (NodeRef.TryParse(message.From, out var from))
        {
            _service.Heard(from);
        }

        bool alive = message.About.Length == 0 || (NodeRef.TryParse(message.About, out var node) && await _service.Probe(node).ConfigureAwait(false));
        return new ProbeAnswer { Alive = alive };
    }

    private ValueTask<IMessage?> FenceAsync(ReadOnlySequence<byte> body)
    {
        var message = FenceMessage.Parser.ParseFrom(body);
        return ValueTask.FromResult<IMessage?>(WireConverter.ToWire(_service.Fence(message.Shard, new(message.Epoch, message.Incarnation), !message.StampsOnly)));
    }

    private async ValueTask<IMessage?> CommandAsync(ReadOnlySequence<byte> body)
    {
        var message = CommandRequest.Parser.ParseFrom(body);
        var result = await _service.Command(new(message.Shard, message.Cookie, message.Client, message.Body.Memory) { Relay = message.Relay }, CancellationToken.None).ConfigureAwait(false);
        return new CommandAnswer { Served = result.Served, Reply = UnsafeByteOperations.UnsafeWrap(result.Reply) };
    }

    private async ValueTask<IMessage?> MediaAsync(ReadOnlySequence<byte> body) =>
        WireConverter.FromWire(MediaMessage.Parser.ParseFrom(body)) is { } request
            ? WireConverter.ToWire(await _service.MediaAsync(request, CancellationToken.None).ConfigureAwait(false))
            : null;

    private async ValueTask<IMessage?> AskAsync(ReadOnlySequence<byte> body) =>
        new AskAnswer { Text = await _service.Ask(AskMessage.Parser.ParseFrom(body).Line).ConfigureAwait(false) };

    private ValueTask<IMessage?> FactAsync(ReadOnlySequence<byte> body)
    {
        var message = FactMessage.Parser.ParseFrom(body);
        var fact = WireJson.ReadFact(message.Kind, message.Fact.Span);
        return ValueTask.FromResult<IMessage?>(new FactAnswer { Taken = fact is not null && _service.Fact(fact) });
    }

    private async ValueTask<IMessage?> LeaveAsync(ReadOnlySequence<byte> body)
    {
        var message = LeaveMessage.Parser.ParseFrom(body);
        return IpAddress.TryParse(message.Address, out var address)
            ? new LeaveAnswer { Left = await _service.LeaveAddress(address, message.Epoch).ConfigureAwait(false) }
            : null;
    }
}
