using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel.Statistics;

/// <summary>Turns a reply into comparable lines: path=value, strings quoted, lists of strings in brackets, in order.</summary>
internal static class Flatten
{
    public static List<string> Lines(NgValue value)
    {
        var lines = new List<string>();
        Add(lines, string.Empty, value);
        return lines;
    }

    private static void Add(List<string> lines, string path, NgValue value)
    {
        switch (value)
        {
            case NgDictionary dictionary:
                dictionary.Entries.ForEach(e => Add(lines, $"{path}/{e.Key}", e.Value));
                break;
            case NgList list when list.Items.TrueForAll(i => i is NgString):
                lines.Add($"{path}=[{string.Join(", ", list.Items.Cast<NgString>().Select(s => s.Text))}]");
                break;
            case NgList list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    Add(lines, $"{path}/{i}", list.Items[i]);
                }

                break;
            case NgString text:
                lines.Add($"{path}=\"{text.Text}\"");
                break;
            case NgInteger number:
                lines.Add($"{path}={number.Number}");
                break;
        }
    }
}
