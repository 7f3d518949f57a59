using RtpCluster.NodeAgent.Runtime;
using Xunit;

namespace RtpCluster.Unit.NodeAgent.Runtime;

public sealed class HeapBallastTests
{
    [Fact]
    public void It_is_in_the_oldest_generation_at_once()
    {
        var ballast = new HeapBallast(8 << 20);

        Assert.Equal(8 << 20, ballast.Bytes);
        Assert.Equal(GC.MaxGeneration, ballast.Generation);
        Assert.InRange(HeapBallast.Sensible, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16);
    }
}
