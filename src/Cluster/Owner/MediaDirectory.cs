using System.Collections.Frozen;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Owner;

/// <summary>Which node has which media address, from the members. An immutable table swapped whole; safe for concurrent use.</summary>
public sealed class MediaDirectory
{
    private const string Floating = "floating", Standby = "standby";
    private readonly Lock _lock = new();
    private volatile Table _table = new([], [], []);

    /// <summary>Takes new members.</summary>
    /// <returns>Addresses may have moved.</returns>
    public bool Set(MembersReply view)
    {
        lock (_lock)
        {
            var before = _table;
            var infos = view.Members.OrderByDescending(m => m.State).Select(m => m.Info);
            _table = new([.. view.Members.Where(m => m.State != MemberState.Dead)], before.Holders, Former(infos, before.Former));
            return !_table.Members.Select(m => (m.Node, m.Info.Interfaces)).SequenceEqual(before.Members.Select(m => (m.Node, m.Info.Interfaces)));
        }
    }

    /// <summary>
    /// Takes who has a floating address by its lease, which is newer than what members tell. None: nobody, or a node that is not ready yet.
    /// </summary>
    /// <returns>It is news.</returns>
    public bool SetHolder(LocalInterface floating, NodeRef holder)
    {
        lock (_lock)
        {
            if (_table.Holders.TryGetValue(floating, out var before) && before == holder)
            {
                return false;
            }

            _table = new(_table.Members, new(_table.Holders) { [floating] = holder }, _table.Former);
            return true;
        }
    }

    /// <summary>A member is configured to have a floating address, now or when its turn comes.</summary>
    public static bool MayHave(MemberInfo info, IpAddress address) => Parse(info.Interfaces).Any(i => i.Floats && i.Interface.Address == address);

    /// <summary>Where other nodes reach a member; null: it is not there.</summary>
    public string? AddressOf(NodeRef node) => Array.Find(_table.Members, m => m.Node == node)?.Info.Address;

    /// <summary>Who has an address; none: nobody living.</summary>
    public NodeRef Find(IpAddress address) => _table.ByAddress.GetValueOrDefault(address);

    /// <summary>The address moves between nodes: when nobody has it, somebody will soon.</summary>
    public bool Floats(IpAddress address) => _table.Floating.Contains(address);

    /// <summary>A node that is away now had the address: it may come back with it.</summary>
    public bool IsAway(IpAddress address) => Find(address).IsNone && _table.Former.ContainsKey(address);

    /// <summary>
    /// The interfaces of the node that has an address, or had it before it went away: a call whose media is there keeps its ports, for they come back.
    /// Empty: nobody ever had it.
    /// </summary>
    public IReadOnlyList<LocalInterface> InterfacesAt(IpAddress address) =>
        Find(address) is { IsNone: false } node ? InterfacesOf(node) : _table.Former.GetValueOrDefault(address) ?? [];

    /// <summary>Who carries a plan; none: nobody living has its addresses.</summary>
    public NodeRef Find(MediaPlan plan) => Find(AddressOf(plan));

    /// <summary>The address a plan's media is on; none: it has no ports.</summary>
    public static IpAddress AddressOf(MediaPlan plan)
    {
        foreach (var stream in plan.Streams)
        {
            if (stream.Locals.Length > 0)
            {
                return stream.Locals[0].Address;
            }
        }

        return IpAddress.None;
    }

    /// <summary>The living life of a node; none: it is dead.</summary>
    public NodeRef Newest(NodeRef node) => _table.Members.FirstOrDefault(m => m.Node.Node == node.Node)?.Node ?? NodeRef.None;

    /// <summary>The interfaces of a node; empty: unknown.</summary>
    public IReadOnlyList<LocalInterface> InterfacesOf(NodeRef node) => _table.Interfaces.GetValueOrDefault(node) ?? [];

    /// <summary>
    /// The node for a new call's media: living, not draining, with the wanted logical interfaces, and the least loaded; ourselves when we are not
    /// much busier than that one.
    /// </summary>
    /// <param name="self">This node.</param>
    /// <param name="wanted">Names of logical interfaces; null: the default one.</param>
    public NodeRef Choose(NodeRef self, params ReadOnlySpan<string?> wanted)
    {
        const int Slack = 20;
        var best = NodeRef.None;
        long least = long.MaxValue;
        foreach (var member in _table.Members)
        {
            long load = member.Info.Sessions - (member.Node == self ? Slack : 0);
            if (member.State == MemberState.Active && load < least && Has(member.Node, wanted))
            {
                (best, least) = (member.Node, load);
            }
        }

        return best.IsNone ? self : best;
    }

    /// <summary>Interfaces as members tell them: <c>name/address/advertised</c>, separated by blanks.</summary>
    public static string Write(IEnumerable<LocalInterface> interfaces) => string.Join(' ', interfaces.Select(Word));

    /// <summary>The same, with the floating addresses among them and whether they are here.</summary>
    /// <param name="interfaces">All interfaces in their order.</param>
    /// <param name="isHeld">Null: the address does not float; else whether it is here.</param>
    public static string Write(IEnumerable<LocalInterface> interfaces, Func<IpAddress, bool?> isHeld) =>
        string.Join(' ', interfaces.Select(i => Word(i) + isHeld(i.Address) switch { null => string.Empty, true => "/" + Floating, false => "/" + Standby }));

    // The dead first (an address may have a new node), then the living: when they go it is known what they had.
    private static Dictionary<IpAddress, LocalInterface[]> Former(IEnumerable<MemberInfo> infos, Dictionary<IpAddress, LocalInterface[]> before)
    {
        var former = new Dictionary<IpAddress, LocalInterface[]>(before);
        foreach (var info in infos)
        {
            LocalInterface[] interfaces = [.. Parse(info.Interfaces).Where(e => e.IsHere).Select(e => e.Interface)];
            foreach (var local in interfaces)
            {
                former[local.Address] = interfaces;
            }
        }

        return former;
    }

    private static string Word(LocalInterface local) => $"{local.Name}/{local.Address}/{local.Advertised}";

    private static List<Entry> Parse(string text)
    {
        var found = new List<Entry>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = word.Split('/');
            if (parts.Length is 3 or 4 && IpAddress.TryParse(parts[1], out var address) && IpAddress.TryParse(parts[2], out var advertised))
            {
                found.Add(new(new(parts[0], address, advertised), parts.Length == 4, parts.Length == 3 || parts[3] == Floating));
            }
        }

        return found;
    }

    private bool Has(NodeRef node, ReadOnlySpan<string?> wanted)
    {
        var interfaces = InterfacesOf(node);
        foreach (string? name in wanted)
        {
            if (name is not null && !interfaces.Any(i => i.Name == name))
            {
                return false;
            }
        }

        return interfaces.Count > 0;
    }

    private readonly record struct Entry(LocalInterface Interface, bool Floats, bool IsHere);

    private sealed class Table
    {
        public Table(Member[] members, Dictionary<LocalInterface, NodeRef> holders, Dictionary<IpAddress, LocalInterface[]> former)
        {
            Members = members;
            Holders = holders;
            Former = former;
            Floating = members.SelectMany(m => Parse(m.Info.Interfaces)).Where(e => e.Floats).Select(e => e.Interface.Address).ToFrozenSet();
            var byLease = holders.ToDictionary(h => h.Key.Address, h => h.Value);
            bool IsAt(NodeRef node, Entry entry) =>
                entry.Floats && byLease.TryGetValue(entry.Interface.Address, out var holder) ? holder == node : entry.IsHere;
            Interfaces = members.ToFrozenDictionary(
                m => m.Node, m => Parse(m.Info.Interfaces).Where(e => IsAt(m.Node, e)).Select(e => e.Interface).ToArray());
            var addresses = new Dictionary<IpAddress, NodeRef>();
            foreach (var (node, interfaces) in Interfaces)
            {
                foreach (var local in interfaces)
                {
                    addresses[local.Address] = node;
                }
            }

            ByAddress = addresses.ToFrozenDictionary();
        }

        public Member[] Members { get; }

        public Dictionary<LocalInterface, NodeRef> Holders { get; }

        public FrozenSet<IpAddress> Floating { get; }

        public Dictionary<IpAddress, LocalInterface[]> Former { get; }

        public FrozenDictionary<NodeRef, LocalInterface[]> Interfaces { get; }

        public FrozenDictionary<IpAddress, NodeRef> ByAddress { get; }
    }
}
