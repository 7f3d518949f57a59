using System.Runtime.InteropServices;
using RtpCluster.Server.Roles;
using Xunit;

namespace RtpCluster.Unit.Server.Roles;

public sealed partial class BackgroundThreadsTests
{
    [Theory]
    [InlineData(".NET BGC", 10)]
    [InlineData(".NET Tiered Compilation Worker", 10)]
    [InlineData(".NET TP Worker", 0)]
    public async Task The_runtimes_own_background_threads_step_back(string name, int nice)
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

    [LibraryImport("libc")]
    private static partial int getpriority(int which, int who);
}
