using System.Text;

namespace RtpCluster.Sdp;

/// <summary>
/// Writes the lines of one section. An attribute line is written in place and, when the section has an <see cref="SdpManipulation"/>,
/// looked at before its line end: then it is dropped or changed where it stands.
/// </summary>
internal struct SdpLineWriter(StringBuilder text, SdpManipulation? manipulation)
{
    private int _start;

    /// <summary>The body so far.</summary>
    public StringBuilder Text { get; } = text;

    /// <summary>A whole line that is no attribute.</summary>
    public readonly void Line(string text) => Text.Append(text).Append("\r\n");

    /// <summary>A line that is no attribute.</summary>
    public readonly void Line(string prefix, string text) => Text.Append(prefix).Append(text).Append("\r\n");

    /// <summary><c>b=</c>.</summary>
    public readonly void Bandwidth(SdpBandwidth bandwidth) =>
        Text.Append("b=").Append(bandwidth.Type).Append(':').Append(bandwidth.Value).Append("\r\n");

    /// <summary>Begins "a=name:"; append the value to the result, then call <see cref="End"/>.</summary>
    public StringBuilder Begin(string name)
    {
        _start = Text.Length;
        return Text.Append("a=").Append(name).Append(':');
    }

    /// <summary>Ends the attribute line, applying the section's changes.</summary>
    public readonly void End(string name)
    {
        if (manipulation is not null && !SdpLineChange.Apply(Text, _start, name, manipulation))
        {
            Text.Length = _start;
            return;
        }

        Text.Append("\r\n");
    }

    /// <summary>"a=name:value" unless the value is null.</summary>
    public void Attribute(string name, string? value)
    {
        if (value is not null)
        {
            Begin(name).Append(value);
            End(name);
        }
    }

    /// <summary>An attribute as received.</summary>
    public void Attribute(SdpAttribute attribute)
    {
        if (attribute.Value is null)
        {
            Flag(attribute.Name, true);
        }
        else
        {
            Attribute(attribute.Name, attribute.Value);
        }
    }

    /// <summary>"a=name:number" unless the number is 0.</summary>
    public void Number(string name, int number)
    {
        if (number != 0)
        {
            Begin(name).Append(number);
            End(name);
        }
    }

    /// <summary>"a=name" if set.</summary>
    public void Flag(string name, bool set)
    {
        if (set)
        {
            _start = Text.Length;
            Text.Append("a=").Append(name);
            End(name);
        }
    }

    /// <summary>The section's additional lines.</summary>
    public readonly void Additions()
    {
        if (manipulation is not null)
        {
            foreach (string line in manipulation.Add)
            {
                Line("a=", line);
            }
        }
    }
}
