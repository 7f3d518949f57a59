using System.Globalization;

namespace RtpCluster.Ng.Flags;

/// <summary>
/// Reads a value in the form a key wants, whatever form the client sent: an integer may come as a decimal string, a list as one
/// comma-separated string, a dictionary as a flag-string group.
/// </summary>
internal static class ValueForm
{
    /// <summary>The value as text; null for lists and dictionaries.</summary>
    public static string? Text(NgValue value) => value switch
    {
        NgString text => text.Text,
        NgInteger integer => integer.Number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The value as an integer.</summary>
    public static bool TryNumber(NgValue value, out long number)
    {
        number = value is NgInteger integer ? integer.Number : 0;
        return value is NgInteger
            || (value is NgString text && long.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number));
    }

    /// <summary>The value as a list of words. Empty elements of a comma-separated string are skipped.</summary>
    public static IEnumerable<string> Words(NgValue value) => value switch
    {
        NgString text => text.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        NgList list => list.Items.Select(Text).OfType<string>(),
        // A group of a flag string was read as a dictionary because its words have '='.
        NgDictionary dictionary => dictionary.Entries.Select(entry => $"{entry.Key}={Text(entry.Value)}"),
        _ => Text(value) is { } word ? [word] : [],
    };

    /// <summary>Yes, no, or null when it is neither.</summary>
    public static bool? Switch(NgValue value) => WordForm.Normalise(Text(value) ?? string.Empty) switch
    {
        "on" or "yes" or "true" or "1" or "enable" or "enabled" => true,
        "off" or "no" or "false" or "0" or "disable" or "disabled" => false,
        _ => null,
    };
}
