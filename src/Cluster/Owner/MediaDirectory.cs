using System.Collections.Frozen;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Owner;

/// <summary>Which node has which media address, from the members. An immutable table swapped whole; safe for concurrent use.</summary>
public sealed class MediaDirectory
{
    private volatile Table _table = new([]);

    /// <summary>Takes new members.</summary>
    public void Set(MembersReply view) => _table = new([.. view.Members.Where(m => m.State != MemberState.Dead)]);

    /// <summary>Where other nodes reach a member; null: it is not there.</summary>
    public string? AddressOf(NodeRef node) => Array.Find(_table.Members, m => m.Node == node)?.Info.Address;

    /// <summary>Who has an address; none: nobody living.</summary>
    public NodeRef Find(IpAddress address) => _table.ByAddress.GetValueOrDefault(address);

    /// <summary>Who carries a plan; none: nobody living has its addresses.</summary>
    public NodeRef Find(MediaPlan plan)
    {
        foreach (var stream in plan.Streams)
        {
            if (stream.Locals.Length > 0)
            {
                return Find(stream.Locals[0].Address);
            }
        }

        return NodeRef.None;
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
    public static string Write(IEnumerable<LocalInterface> interfaces) => string.Join(' ', interfaces.Select(i => $"{i.Name}/{i.Address}/{i.Advertised}"));

    private static LocalInterface[] Parse(string text)
    {
        var found = new List<LocalInterface>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = word.Split('/');
            if (parts.Length == 3 && IpAddress.TryParse(parts[1], out var address) && IpAddress.TryParse(parts[2], out var advertised))
            {
                found.Add(new(parts[0], address, advertised));
            }
        }

        return [.. found];
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

    private sealed class Table
    {
        public Table(Member[] members)
        {
            Members = members;
            Interfaces = members.ToFrozenDictionary(m => m.Node, m => Parse(m.Info.Interfaces));
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

        public FrozenDictionary<NodeRef, LocalInterface[]> Interfaces { get; }

        public FrozenDictionary<IpAddress, NodeRef> ByAddress { get; }
    }
}
