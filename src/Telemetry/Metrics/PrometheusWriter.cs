using System.Globalization;
using System.Text;

namespace RtpCluster.Telemetry.Metrics;

/// <summary>Writes the Prometheus text exposition format, version 0.0.4.</summary>
public sealed class PrometheusWriter
{
    private readonly StringBuilder _text = new();
    private string _name = string.Empty;

    /// <summary>Begins a metric that goes up and down.</summary>
    public PrometheusWriter Gauge(string name, string help) => Begin(name, help, "gauge");

    /// <summary>Begins a metric that only goes up.</summary>
    public PrometheusWriter Counter(string name, string help) => Begin(name, help, "counter");

    /// <summary>Adds a sample of the metric begun last.</summary>
    public PrometheusWriter Value(double value, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        _text.Append(_name);
        for (int i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        }

        _text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private PrometheusWriter Begin(string name, string help, string type)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
