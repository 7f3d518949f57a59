using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Playwright;

namespace RtpCluster.Browser.Parts;

/// <summary>What a browser knows of one connection.</summary>
internal sealed record BrowserStatus
{
    [JsonPropertyName("state")]
    public string State { get; init; } = "";

    [JsonPropertyName("ice")]
    public string Ice { get; init; } = "";

    [JsonPropertyName("log")]
    public string Log { get; init; } = "";

    [JsonPropertyName("connectMillis")]
    public double ConnectMillis { get; init; }

    [JsonPropertyName("frameMillis")]
    public double FrameMillis { get; init; }

    [JsonPropertyName("audioPackets")]
    public int AudioPackets { get; init; }

    [JsonPropertyName("videoFrames")]
    public int VideoFrames { get; init; }

    [JsonPropertyName("videoPackets")]
    public int VideoPackets { get; init; }

    [JsonPropertyName("lost")]
    public int Lost { get; init; }

    [JsonPropertyName("sentPackets")]
    public int SentPackets { get; init; }

    [JsonPropertyName("nacks")]
    public int Nacks { get; init; }

    [JsonPropertyName("width")]
    public int Width { get; init; }

    [JsonPropertyName("keyFrames")]
    public int KeyFrames { get; init; }

    [JsonPropertyName("plis")]
    public int Plis { get; init; }

    [JsonPropertyName("retransmitted")]
    public int Retransmitted { get; init; }

    [JsonPropertyName("roundTripMillis")]
    public double RoundTripMillis { get; init; }

    [JsonPropertyName("coding")]
    public string Coding { get; init; } = "";
}

/// <summary>A tab: a thin hand on the functions of browser.js.</summary>
internal sealed class BrowserPage(IPage page)
{
    /// <summary>Makes a connection and its offer.</summary>
    public Task<string> OfferAsync(string name, object options) => page.EvaluateAsync<string>("([n, o]) => offer(n, o)", new[] { name, options });

    /// <summary>Takes the answer to its offer.</summary>
    public Task AcceptAsync(string name, string sdp) => page.EvaluateAsync("([n, s]) => accept(n, s)", new[] { name, sdp });

    /// <summary>Makes an offer that restarts ICE.</summary>
    public Task<string> RestartAsync(string name) => page.EvaluateAsync<string>("n => restart(n)", name);

    /// <summary>Makes a connection from an offer and returns its answer.</summary>
    public Task<string> AnswerAsync(string name, string sdp, object? options = null) =>
        page.EvaluateAsync<string>("([n, s, o]) => answer(n, s, o)", new[] { name, sdp, options });

    /// <summary>The loudest frequency of each sound it gets, in Hz; 0: silence.</summary>
    public Task<double[]> HeardAsync(string name) => page.EvaluateAsync<double[]>("n => heard(n)", name);

    /// <summary>Ends a connection.</summary>
    public Task CloseAsync(string name) => page.EvaluateAsync("n => closePeer(n)", name);

    /// <summary>Mutes what it sends, or speaks again.</summary>
    public Task MuteAsync(string name, bool muted) => page.EvaluateAsync("([n, m]) => mute(n, m)", new object[] { name, muted });

    /// <summary>Closes the tab.</summary>
    public Task LeaveAsync() => page.CloseAsync();

    /// <summary>Its state and counters.</summary>
    public async Task<BrowserStatus> StatusAsync(string name) =>
        (await page.EvaluateAsync<JsonElement>("n => report(n)", name)).Deserialize<BrowserStatus>()!;

    /// <summary>Waits until its state is as wanted, and returns it.</summary>
    /// <exception cref="TimeoutException">It never was; the message says what it is.</exception>
    public async Task<BrowserStatus> UntilAsync(string name, Func<BrowserStatus, bool> wanted, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var status = await StatusAsync(name);
            if (wanted(status))
            {
                return status;
            }

            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"{name}: {status}");
            }

            await pulse.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until it hears a tone.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public async Task UntilHearsAsync(string name, double frequency, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            double[] heard = await HeardAsync(name);
            if (Array.Exists(heard, f => Math.Abs(f - frequency) < 15))
            {
                return;
            }

            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"{name} hears {string.Join(", ", heard)} Hz instead of {frequency}: {await StatusAsync(name)}");
            }

            await pulse.WaitForNextTickAsync();
        }
    }
}
