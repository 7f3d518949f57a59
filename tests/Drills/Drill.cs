using System.Diagnostics;
using RtpCluster.Drills.Load;
using RtpCluster.TestKit;

// One cluster at a time: two on the same machine would show each other's load.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RtpCluster.Drills;

/// <summary>What is special about a drill's cluster.</summary>
public sealed record DrillSetup
{
    /// <summary>Logical interface of all calls; null: the default one.</summary>
    public string? Interface { get; init; }

    /// <summary>More options of a node.</summary>
    public Func<int, string[]> Options { get; init; } = static _ => [];

    /// <summary>How the caller of each call is protected, by its number.</summary>
    public Func<int, Protection> Protection { get; init; } = static _ => Load.Protection.None;

    /// <summary>The phones speak IPv6.</summary>
    public bool IsV6 { get; init; }

    /// <summary>Redis with two replicas and three sentinels.</summary>
    public bool Sentinels { get; init; }

    /// <summary>Starts the new calls that come while the others talk; disposing ends them. Null: <see cref="Churn"/>.</summary>
    public Func<Drill, Task<IAsyncDisposable>>? NewCalls { get; init; }

    /// <summary>What must hold before the calls are placed.</summary>
    public Func<ClusterLab, Task> Ready { get; init; } = static _ => Task.CompletedTask;
}

/// <summary>One round of a drill: a fresh cluster, its calls, and what is watched of them.</summary>
public sealed class Drill : IAsyncDisposable
{
    private const int SettleSeconds = 3;
    private static readonly int[] s_all = [0, 1, 2];
    private readonly DrillSetup _setup;
    private readonly List<string> _wrong = [];
    private readonly double _stolen = MachineNoise.StolenSeconds;
    private TimeSpan _back;
    private readonly List<(string Name, string Text)> _logs = [];
    private IAsyncDisposable? _load;

    private Drill(ClusterLab lab, DrillSetup setup)
    {
        _setup = setup;
        Lab = lab;
        Phones = new Phones(lab.Phones, Host);
        Proxy = new RetryingProxy(lab.Phones, History);
    }

    /// <summary>Calls with RTP: RTPCLUSTER_DRILL_CALLS, default 20.</summary>
    public static int CallCount => Number("RTPCLUSTER_DRILL_CALLS", 20);

    /// <summary>Rounds: RTPCLUSTER_DRILL_ROUNDS, default 1.</summary>
    public static int Rounds => Number("RTPCLUSTER_DRILL_ROUNDS", 1);

    public ClusterLab Lab { get; }

    public Phones Phones { get; }

    public RetryingProxy Proxy { get; }

    public History History { get; } = new();

    /// <summary>The calls with RTP.</summary>
    public List<WatchedCall> Calls { get; } = [];

    /// <summary>Redis lost its epochs.</summary>
    public bool StoreForgot { get; set; }

    /// <summary>Runs every round of a drill, writes its row and says whether it kept within its limits.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="limits">What it allows.</param>
    /// <param name="round">A round; the calls are placed, talk, and new ones come.</param>
    /// <param name="setup">What is special about its cluster; null: nothing.</param>
    public static async Task RunAsync(string name, DrillLimits limits, Func<Drill, Task> round, DrillSetup? setup = null)
    {
        setup ??= new();
        DrillResult? worst = null;
        for (int i = 0; i < Rounds; i++)
        {
            await using var drill = new Drill(new ClusterLab(setup.Options, setup.Sentinels, supervised: true), setup);
            var result = await drill.RoundAsync(round);
            worst = worst?.Worse(result) ?? result;
            if (result.Failed > 0 || limits.Exceeded(result).Any())
            {
                drill.Report(name, i, result);
            }
        }

        string[] exceeded = [.. limits.Exceeded(worst!)];
        DrillTable.Add(name, Rounds, worst!, exceeded.Length == 0 ? "holds" : "FAILS: " + string.Join(", ", exceeded));
        Assert.Empty(exceeded);
    }

    /// <summary>Lets the calls talk for a while.</summary>
    public static Task TalkAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));

    /// <summary>Has every call do something, all at the same time; the answers that are not ok.</summary>
    /// <param name="command">The command, given the call and its number.</param>
    /// <param name="isOk">What a good answer is; null: ok.</param>
    public async Task<int> EachAsync(Func<WatchedCall, int, Task<string?>> command, Func<string?, bool>? isOk = null)
    {
        string?[] answers = await Task.WhenAll(Calls.Select(command));
        return answers.Count(a => !(isOk ?? WatchedCall.IsOk)(a));
    }

    /// <summary>Offers every call again and notes how long it took until the last was answered.</summary>
    /// <param name="since">The fault.</param>
    /// <param name="nodes">Whom to ask, beginning anywhere.</param>
    /// <returns>Calls that are not controlled.</returns>
    public async Task<int> ControlAsync(Stopwatch since, params int[] nodes)
    {
        int failed = await EachAsync((call, i) => call.ReofferAsync([.. nodes.Select((_, n) => nodes[(i + n) % nodes.Length])]));
        NoteControl(since);
        return failed;
    }

    /// <summary>Every call is controlled (again).</summary>
    /// <param name="since">The fault.</param>
    public void NoteControl(Stopwatch since) => _back = since.Elapsed > _back ? since.Elapsed : _back;

    /// <summary>Notes something that should not be.</summary>
    public void Demand(bool condition, string wrong)
    {
        if (!condition)
        {
            lock (_wrong)
            {
                _wrong.Add(wrong);
            }
        }
    }

    /// <summary>Keeps a log, to be looked at when the round fails.</summary>
    public void AddLog(string name, string text) => _logs.Add((name, text));

    /// <summary>Drains and ends one node after the other while every call is offered again; each is back before the next one goes.</summary>
    public async Task RestartAllAsync()
    {
        foreach (int node in s_all)
        {
            Lab.Ctl(node, "drain");
            await TalkAsync(2);
            Lab.Signal(node, "TERM");
            await EachAsync((call, i) => call.ReofferAsync(i % 3, (i + 1) % 3, (i + 2) % 3));
            await ReadyAsync();
        }
    }

    /// <summary>Every node serves.</summary>
    public Task ReadyAsync() => Lab.ReadyAsync(s_all);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        Phones.Dispose();
        Proxy.Dispose();
        Lab.Dispose();
    }

    private string Host => _setup.IsV6 ? Phones.HostV6 : Phones.Host;

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : otherwise;

    private async Task<DrillResult> RoundAsync(Func<Drill, Task> round)
    {
        await WithinTimeAsync(ReadyAsync);
        await WithinTimeAsync(() => _setup.Ready(Lab));
        for (int i = 0; i < CallCount; i++)
        {
            Calls.Add(Call(Phones.Add(0), Phones.Add(1), $"drill-{i}-{Guid.NewGuid():N}", _setup.Protection(i)));
        }

        for (int i = 0; i < CallCount; i++)
        {
            Demand(await Calls[i].PlaceAsync([i % 3], [(i + 1) % 3]), "a call could not be placed");
        }

        Calls.ForEach(c => c.Talk(true));
        _load = _setup.NewCalls is null ? new Churn(s_all, id => Call(null, null, id, Protection.None)) : await _setup.NewCalls(this);
        await TalkAsync(1);
        await WithinTimeAsync(() => round(this));
        await _load.DisposeAsync();
        _load = null;
        Calls.ForEach(c => c.Talk(false));
        await SettleAsync();
        int failed = History.Failed;
        await CheckEndAsync();
        var legs = Calls.SelectMany(c => c.Legs).ToList();
        Demand(legs.TrueForAll(l => l.Refused == 0), $"{legs.Sum(l => l.Refused)} packets cannot be decrypted");
        return new(
            Calls.Count, History.Count, failed, legs.Sum(l => (long)l.Sent), legs.Sum(l => (long)l.Lost), legs.Max(l => l.LongestGap), _back,
            [.. _wrong, .. History.Check(StoreForgot ? [] : Lab.Logs)]);
    }

    // On the same addresses, the new calls as well.
    private WatchedCall Call(PhoneLeg? caller, PhoneLeg? callee, string id, Protection protection) =>
        new(Proxy, caller, callee, id, _setup.Interface) { Keying = new(protection, Lab.Phones, Host) };

    // What took too long is a finding; the rest of the round is still looked at.
    private async Task WithinTimeAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (TimeoutException e)
        {
            _wrong.Add("not in time: " + e.Message.Split('\n')[0]);
        }
    }

    // What was acknowledged is in force: every call is there with its ports and can be ended.
    private async Task CheckEndAsync()
    {
        if (Calls.Count == 0 || await EachAsync((call, i) => call.QueryAsync(i % 3, (i + 1) % 3)) is var gone and > 0)
        {
            _wrong.Add("calls are gone at the end");
        }

        int kept = await EachAsync((call, i) => call.DeleteAsync(i % 3, (i + 1) % 3));
        Demand(kept == 0, $"{kept} calls cannot be ended");
    }

    // The last packets are on their way; a lost one stays lost.
    private async Task SettleAsync()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(SettleSeconds) && Calls.SelectMany(c => c.Legs).Any(l => l.Lost > 0))
        {
            await Task.Delay(Phones.TickMillis);
        }
    }

    private void Report(string name, int round, DrillResult result)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("RTPCLUSTER_DRILL_LOGS") ?? Path.GetTempPath(), $"{name.Replace(' ', '-')}-{round}")).FullName;
        foreach (var (kind, logs) in new[] { ("process", Lab.Logs), ("redis", Lab.Redis.Logs) })
        {
            foreach (var (i, log) in logs.Index())
            {
                File.WriteAllText(Path.Combine(folder, $"{kind}-{i}.log"), log);
            }
        }

        foreach (var (log, text) in _logs)
        {
            File.WriteAllText(Path.Combine(folder, log), text);
        }

        var lost = Calls.Where(c => c.Legs.Any(l => l.Lost > 0)).Select(c => $"{c.Id} at {c.Media}: {string.Join(" and ", c.Legs.Select(l => $"{l.Lost} of {l.Sent}, gap {l.LongestGap.TotalMilliseconds} ms"))}");
        File.WriteAllLines(Path.Combine(folder, "summary.txt"), [
            result.ToString(), .. result.Wrong, .. History.Failures, .. lost,
            $"phones late by {Phones.Lateness:0} ms, slowest command {Proxy.Slowest.TotalSeconds:0.00} s, other guests took {MachineNoise.StolenSeconds - _stolen:0.0} s of the cores",
        ]);
        File.WriteAllLines(Path.Combine(folder, "history.txt"), History.Lines);
    }
}
