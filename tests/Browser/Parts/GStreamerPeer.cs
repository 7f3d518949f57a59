using System.Diagnostics;
using System.Text.Json;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser.Parts;

/// <summary>A WebRTC peer that is no browser: GStreamer's webrtcbin (libnice, GnuTLS) in a process of its own, see gstreamer-peer.py.</summary>
internal sealed class GStreamerPeer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it in a namespace.</summary>
    public GStreamerPeer(NetworkNamespace where)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Parts", "gstreamer-peer.py");
        _process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", where.Name, "/usr/bin/python3", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Makes its offer: it sends a tone and a picture.</summary>
    public async Task<string> OfferAsync(double tone) => (await AskAsync(new { @do = "offer", tone })).GetProperty("sdp").GetString()!;

    /// <summary>Takes the answer to its offer.</summary>
    public Task AcceptAsync(string sdp) => AskAsync(new { @do = "accept", sdp });

    /// <summary>Answers an offer.</summary>
    public async Task<string> AnswerAsync(string sdp) => (await AskAsync(new { @do = "answer", sdp })).GetProperty("sdp").GetString()!;

    /// <summary>Its connection's state, the loudest frequency that it hears, and the frames that it has decoded.</summary>
    public async Task<(string State, double Frequency, int Frames)> ReportAsync()
    {
        var report = await AskAsync(new { @do = "report" });
        return (report.GetProperty("state").GetString()!, report.GetProperty("frequency").GetDouble(), report.GetProperty("frames").GetInt32());
    }

    /// <summary>Waits until it sees a picture and hears a tone.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public async Task UntilSeesAndHearsAsync(double tone, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await ReportAsync() is var report && (report.Frames < 10 || Math.Abs(report.Frequency - tone) > 15))
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"{report}");
            }

            await pulse.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(object command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))
            ?? throw new InvalidOperationException("the GStreamer peer has died");
        return JsonDocument.Parse(line).RootElement;
    }
}
