using System.Globalization;
using System.Text;

namespace RtpCluster.Server.Demo;

/// <summary>The live table: redrawn in place on a terminal, printed once at the end elsewhere.</summary>
internal sealed class DemoTable(DemoRoom room, bool plain)
{
    private int _lines;

    /// <summary>Shows the present state.</summary>
    public void Show(bool final = false)
    {
        if (plain && !final)
        {
            return;
        }

        var text = new StringBuilder();
        if (_lines > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\x1b[{_lines}A");
        }

        _lines = 0;
        Line(text, "stream               packets    lost %   jitter ms   MOS");
        foreach (var publisher in room.Publishers)
        {
            Line(text, string.Create(CultureInfo.InvariantCulture, $"{publisher.Name + " speaks",-18} {publisher.Sent,9}"));
        }

        foreach (var listener in room.Listeners)
        {
            var quality = listener.Measure();
            Line(text, string.Create(CultureInfo.InvariantCulture,
                $"{listener.Name,-18} {quality.Packets,9} {quality.LossPercent,9:F2} {quality.JitterMillis,11:F2} {quality.Mos,5:F1}"));
        }

        Console.Write(text);
    }

    private void Line(StringBuilder text, string line)
    {
        text.Append(line).Append(plain ? "" : "\x1b[K").Append('\n');
        _lines++;
    }
}
