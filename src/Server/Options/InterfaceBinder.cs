using RtpCluster.Contracts;

namespace RtpCluster.Server.Options;

/// <summary>Turns the interface options into local interfaces and aliases.</summary>
public sealed class InterfaceBinder(OptionValues values, IHostNetwork host)
{
    private const string Remedy = "Write [name/]IP[!advertised-IP], name=other-name, a device name or any";
    /// <summary>Name of a logical interface that was given none.</summary>
    internal const string DefaultName = "default";

    private readonly List<LocalInterface> _interfaces = [];
    private readonly Dictionary<string, string> _aliases = [];

    /// <summary>Reads <c>interface</c> and <c>interfaces-config</c>; faults go to the values.</summary>
    public (IReadOnlyList<LocalInterface> Interfaces, IReadOnlyDictionary<string, string> Aliases) Bind()
    {
        foreach (string entry in values.List("interface"))
        {
            Add(entry);
        }

        AddSections(values.Text("interfaces-config"));
        if (_interfaces.Count == 0 && values.Errors.Count == 0 && values.List("cluster-address").Count == 0)
        {
            values.Fail("interface", string.Empty, "no media address is configured", "Give at least one, for example --interface=192.0.2.1");
        }

        foreach (var (alias, name) in _aliases)
        {
            if (_interfaces.All(known => known.Name != name))
            {
                values.Fail("interface", $"{alias}={name}", $"no interface is called '{name}'", "Name a configured interface");
            }
        }

        return (_interfaces, _aliases);
    }

    private void Add(string entry)
    {
        int slash = entry.IndexOf('/');
        int equals = entry.IndexOf('=');
        if (slash < 0 && equals > 0)
        {
            _aliases[entry[..equals]] = entry[(equals + 1)..];
            return;
        }

        string name = slash < 0 ? DefaultName : entry[..slash];
        string rest = entry[(slash + 1)..];
        int bang = rest.IndexOf('!');
        AddAddresses(name, bang < 0 ? rest : rest[..bang], bang < 0 ? string.Empty : rest[(bang + 1)..], "interface", entry);
    }

    private void AddAddresses(string name, string address, string advertised, string key, string entry)
    {
        IReadOnlyList<IpAddress> found = IpAddress.TryParse(Unbracket(address), out var literal) ? [literal] : host.Addresses(address);
        var shown = IpAddress.None;
        if (name.Length == 0 || found.Count == 0)
        {
            values.Fail(key, entry, $"'{address}' is neither an IP address nor a device with one", Remedy);
            return;
        }

        if (advertised.Length > 0 && !IpAddress.TryParse(Unbracket(advertised), out shown))
        {
            values.Fail(key, entry, $"'{advertised}' is not an IP address", Remedy);
            return;
        }

        foreach (var local in found)
        {
            _interfaces.Add(new LocalInterface(name, local, shown.Family == IpFamily.None ? local : shown));
        }
    }

    private void AddSections(string prefix)
    {
        if (prefix.Length == 0)
        {
            return;
        }

        foreach (string section in values.File?.Sections ?? [])
        {
            if (section != prefix && !section.StartsWith(prefix + "-", StringComparison.Ordinal))
            {
                continue;
            }

            var keys = values.File!.Section(section)!;
            string Value(string key) => keys.LastOrDefault(pair => pair.Key == key).Value ?? string.Empty;
            string name = Value("name") is { Length: > 0 } given ? given : section == prefix ? DefaultName : section[(prefix.Length + 1)..];
            if (Value("alias-for") is { Length: > 0 } target)
            {
                _aliases[name] = target;
            }
            else
            {
                string advertised = Value("advertised") is { Length: > 0 } shown ? shown : Value("advertised-address");
                AddAddresses(name, Value("address"), advertised, "interfaces-config", section);
            }
        }
    }

    private static string Unbracket(string text) => text.Length > 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : text;
}

/// <summary>What the options ask of the host's network; a test gives its own.</summary>
public interface IHostNetwork
{
    /// <summary>Addresses of a device, of <c>any</c> (all but loopback and link-local), or of a host name; empty: unknown.</summary>
    IReadOnlyList<IpAddress> Addresses(string name);

    /// <summary>There is a network device of that name.</summary>
    bool HasDevice(string name);

    /// <summary>IPv6 is there.</summary>
    bool HasV6 { get; }
}
