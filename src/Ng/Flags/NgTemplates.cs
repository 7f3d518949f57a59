using System.Collections.Frozen;

namespace RtpCluster.Ng;

/// <summary>
/// Signalling templates: flag strings by name. The one named <c>default</c> applies to every request, then the one named like the command,
/// then the request's own keys; <c>template=NAME</c> applies another in place. Immutable.
/// </summary>
public sealed class NgTemplates
{
    /// <summary>No templates.</summary>
    public static readonly NgTemplates Empty = new(new Dictionary<string, string>());

    private readonly FrozenDictionary<string, string> _byName;

    /// <summary>Takes flag strings by name; case, '-', '_' and ' ' in names do not matter.</summary>
    public NgTemplates(IEnumerable<KeyValuePair<string, string>> byName)
    {
        var normalised = new Dictionary<string, string>();
        foreach (var (name, flags) in byName)
        {
            normalised[Flags.WordForm.Normalise(name)] = flags;
        }

        _byName = normalised.ToFrozenDictionary();
    }

    /// <summary>The flag string of a template; null: no such template.</summary>
    public string? Find(string name) => _byName.GetValueOrDefault(Flags.WordForm.Normalise(name));
}
