using System.Runtime.InteropServices;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Runtime;
using Xunit;

namespace RtpCluster.Unit.NodeAgent.Runtime;

public sealed partial class BackgroundThreadsTests
{
    [Theory]
    [InlineData(".NET BGC", 10)]
    [InlineData(".NET Tiered Compilation Worker", 0)]
    [InlineData(".NET TP Worker", 0)]
    public async Task The_background_collector_steps_back(string name, int nice)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calmed = new TaskCompletionSource();
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            up.SetResult();
            calmed.Task.Wait();
            seen.SetResult(getpriority(0, 0));
        }) { Name = name, IsBackground = true }.Start();
        await up.Task.WaitAsync(TestContext.Current.CancellationToken);

        new BackgroundThreads().Calm();
        calmed.SetResult();

        Assert.Equal(nice, await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
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
