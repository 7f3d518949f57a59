using System.Globalization;
using System.Runtime.InteropServices;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Runtime;
using RtpCluster.TestKit;
using Xunit;

namespace RtpCluster.Unit.NodeAgent.Runtime;

public sealed partial class BackgroundCollectorTests
{
    private readonly int[] _counts = new int[GC.MaxGeneration + 1];
    private int _told;

    [Fact]
    public void It_is_told_to_collect_before_its_thread_has_ended()
    {
        _counts[^1] = 3; // before
        var collector = new BackgroundCollector(generation => _counts[generation], Collect, keepMillis: 15_000);
        collector.Tick(0);
        Assert.Equal(1, _told);

        _counts[0]++;
        collector.Tick(14_000);
        Assert.Equal(1, _told);

        collector.Tick(15_000);
        Assert.Equal(2, _told);

        collector.Tick(60_000);
        Assert.Equal(2, _told); // nothing was allocated

        _counts[0]++;
        _counts[^1]++;
        collector.Tick(61_000); // it collected of itself
        _counts[0]++;
        collector.Tick(75_000);
        Assert.Equal(2, _told);

        collector.Tick(76_000);
        Assert.Equal(3, _told);
    }

    [Fact]
    public async Task Its_thread_is_there_and_steps_back()
    {
        // A small heap is collected at once.
        var ballast = new HeapBallast(64 << 20);
        var collector = new BackgroundCollector();
        long now = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                collector.Tick(now += 1000);
                GC.Collect(0);
                return NicesOf(".NET BGC").Contains(10);
            },
            TimeSpan.FromSeconds(10), () => "no collector's thread stepped back");
        Assert.DoesNotContain(10, NicesOf(".NET TP Worker"));
        GC.KeepAlive(ballast);
    }

    private static List<int> NicesOf(string name)
    {
        var found = new List<int>();
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n') == name)
                {
                    found.Add(getpriority(0, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture)));
                }
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return found;
    }

    private void Collect()
    {
        _told++;
        _counts[0]++;
        _counts[^1]++;
    }

    [Fact]
    public void What_a_reactors_thread_starts_begins_with_the_ordinary_priority()
    {
        int own = 0, started = 99;
        var reactor = new Thread(() =>
        {
            Assert.True(CurrentThread.SetPriority(CurrentThread.MediaNice, 100));
            own = getpriority(0, 0);
            var collector = new Thread(() => started = getpriority(0, 0));
            collector.Start();
            collector.Join();
        });
        reactor.Start();
        reactor.Join();

        Assert.Equal((CurrentThread.MediaNice, 0), (own, started));
    }

    [LibraryImport("libc")]
    private static partial int getpriority(int which, int who);
}
