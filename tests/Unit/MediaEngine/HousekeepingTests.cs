using RtpCluster.Contracts;
using RtpCluster.TestKit;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class HousekeepingTests
{
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(7, 1000)]
    [InlineData(100, 10)]
    [InlineData(3, 50)]
    [InlineData(1000, 330)]
    public void EveryCallIsLookedAfterOnceASecondHoweverOftenTheShellTicks(int calls, int tickMillis)
    {
        var f = new EngineFixture();
        for (int i = 0; i < calls; i++)
        {
            var plan = f.Plan(Stream(1, Ep($"192.0.2.1:{20000 + i}"), RemoteA));
            f.Engine.Apply(f.Now, plan with { CallId = new CallId($"call-{i}") }, f.Batch);
        }

        var idle = new List<string>();
        int largest = 0;
        for (int millis = 0; millis <= 62_000; millis += tickMillis)
        {
            f.Now = f.Now.AddMillis(tickMillis);
            var facts = f.Tick().OfType<CallIdle>().ToArray();
            largest = Math.Max(largest, facts.Length);
            idle.AddRange(facts.Select(i => i.CallId.Value));
        }

        Assert.Equal(calls, idle.Distinct().Count());
        Assert.Equal(calls, idle.Count);
        Assert.True(largest <= (calls * tickMillis / 1000) + 1);
    }

    [Fact]
    public void CallsMayComeAndGoBetweenTicks()
    {
        var f = new EngineFixture();
        var random = new Random(1);
        var held = new HashSet<string>();
        for (int round = 0; round < 2000; round++)
        {
            string id = $"call-{random.Next(20)}";
            if (random.Next(2) == 0)
            {
                int port = 20000 + int.Parse(id[5..]);
                f.Engine.Apply(f.Now, f.Plan(Stream(1, Ep($"192.0.2.1:{port}"), RemoteA)) with { CallId = new CallId(id) }, f.Batch);
                held.Add(id);
            }
            else
            {
                Assert.Equal(held.Remove(id), f.Engine.Remove(f.Now, new CallId(id)) is not null);
            }

            f.Now = f.Now.AddMillis(random.Next(300));
            f.Tick();
            Assert.Equal(held.Order(), f.Engine.Inventory.Select(c => c.Id.Value).Order());
        }
    }

    [Fact]
    public void TickingAllocatesNothing()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        Allocation.RequireNone(() =>
        {
            f.Tick();
            return () =>
            {
                for (int i = 0; i < 50; i++)
                {
                    f.Now = f.Now.AddSeconds(1);
                    f.Engine.Tick(f.Now, f.Batch);
                }
            };
        });
    }
}
