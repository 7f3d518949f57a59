using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Cluster.Addresses;

/// <summary>When a node takes a floating address and when it lets go, on the real steps of a store and a link with several hosts.</summary>
public sealed class AddressMachineTests
{
    private static readonly FloatingAddress s_address = new(new("default", IpAddress.Parse("10.0.0.50"), IpAddress.Parse("10.0.0.50")), "eth0", "n1");
    private static readonly AddressTimers s_timers = new();
    private readonly MemoryClusterStore _store = new();
    private readonly Host _one = new("n1"), _two = new("n2");
    private long _now = 1_000_000;

    [Fact]
    public void The_home_node_takes_an_address_that_nobody_has()
    {
        Run(1000, _one);
        Assert.Equal(AddressPhase.Holding, _one.Machine.Phase);
        Assert.True(_one.Machine.IsPresent);
    }

    [Fact]
    public void Nobody_takes_an_address_that_a_host_outside_the_cluster_answers_for()
    {
        _one.LinkAnswers = true;
        Run(3000, _one);
        Assert.Equal(AddressPhase.Standby, _one.Machine.Phase);
    }

    [Fact]
    public void The_address_of_a_dead_host_is_taken_within_half_a_second()
    {
        Run(1000, _one, _two);
        _one.IsCut = _one.IsStopped = true;
        _two.Machine.View = _two.Machine.View with { HomeSince = null };
        Run(500, _two);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
        Assert.Equal(_one.Self, _two.Taken!.Former);
        Assert.False(_two.Taken.Planned);
    }

    [Fact]
    public void A_host_whose_control_process_is_dead_keeps_its_address_for_as_long_as_it_answers()
    {
        Run(1000, _one, _two);
        _one.IsStopped = true;
        Run(5000, _two);
        Assert.Equal(AddressPhase.Standby, _two.Machine.Phase);
        _one.Machine.IsPresent = false; // the system took it away: its life was not prolonged
        Run(700, _two);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
    }

    [Fact]
    public void A_node_that_finds_its_address_at_another_one_gets_off_it()
    {
        Run(1000, _one, _two);
        _one.IsCut = true;
        Run(700, _one, _two);
        Assert.True(_two.Machine.Phase == AddressPhase.Holding && _one.Machine.Phase == AddressPhase.Holding);
        _one.IsCut = false;
        Run(200, _one, _two);
        Assert.Equal(AddressPhase.Standby, _one.Machine.Phase);
        Assert.False(_one.Machine.IsPresent);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
    }

    [Fact]
    public void A_host_that_is_cut_off_gets_off_its_address_by_itself()
    {
        Run(1000, _one);
        _one.IsCut = true;
        _one.Machine.View = _one.Machine.View with { IsAnyReachable = false };
        Run(600, _one);
        Assert.False(_one.Machine.IsPresent);
    }

    [Fact]
    public void A_store_that_does_not_answer_moves_nothing_while_the_nodes_see_each_other()
    {
        Run(1000, _one, _two);
        _one.IsCut = _two.IsCut = true;
        Run(5000, _one, _two);
        Assert.True(_one.Machine.IsPresent);
        Assert.False(_two.Machine.IsPresent);
        _one.IsCut = _two.IsCut = false;
        Run(1000, _one, _two);
        Assert.Equal(AddressPhase.Holding, _one.Machine.Phase);
        Assert.Equal(AddressPhase.Standby, _two.Machine.Phase);
    }

    [Fact]
    public void A_store_that_lost_the_lease_gives_it_back_to_who_has_the_address()
    {
        Run(1000, _one, _two);
        var emptied = new MemoryClusterStore();
        _one.Store = _two.Store = emptied;
        Run(2000, _one, _two);
        Assert.Equal(AddressPhase.Holding, _one.Machine.Phase);
        Assert.Equal(2, _one.Machine.Epoch);
        Assert.Equal(AddressPhase.Standby, _two.Machine.Phase);
    }

    [Fact]
    public void A_draining_node_hands_over_and_is_off_the_address_before_the_other_is_on_it()
    {
        Run(1000, _one, _two);
        _one.Machine.View = _one.Machine.View with { IsDraining = true, Candidates = [_two.Self] };
        Run(500, _one, _two);
        Assert.Equal(AddressPhase.Standby, _one.Machine.Phase);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
        Assert.True(_two.Taken!.Planned);
        Run(5000, _one, _two);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
    }

    [Fact]
    public void A_hand_over_that_nobody_takes_up_is_called_off()
    {
        Run(1000, _one);
        _one.Machine.View = _one.Machine.View with { IsDraining = true, Candidates = [_two.Self] };
        Run(500, _one);
        Assert.Equal(AddressPhase.Handing, _one.Machine.Phase);
        Assert.True(_one.Machine.IsPresent);
        _one.Machine.View = _one.Machine.View with { IsDraining = false };
        Run(3000, _one);
        Assert.Equal(AddressPhase.Holding, _one.Machine.Phase);
    }

    [Fact]
    public void The_home_node_gets_its_address_back_when_it_has_been_there_for_a_while()
    {
        _two.Machine.View = AddressView.Empty;
        Run(1000, _two);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
        _two.Machine.View = _two.Machine.View with { Candidates = [_one.Self], HomeSince = _now };
        Run(s_timers.HandBack - 100, _one, _two);
        Assert.Equal(AddressPhase.Holding, _two.Machine.Phase);
        Run(1000, _one, _two);
        Assert.Equal(AddressPhase.Holding, _one.Machine.Phase);
        Assert.Equal(AddressPhase.Standby, _two.Machine.Phase);
    }

    [Fact]
    public void A_new_process_of_the_same_node_takes_its_address_up_again_without_asking_the_link()
    {
        Run(1000, _one);
        var successor = new Host("n1", 2) { Store = _store };
        successor.Machine.IsPresent = true;
        Run(200, successor);
        Assert.Equal(AddressPhase.Holding, successor.Machine.Phase);
        Assert.True(successor.Taken!.Inherited);
    }

    [Fact]
    public void A_node_that_comes_back_with_an_address_of_another_one_gets_off_it_first()
    {
        _two.Machine.View = AddressView.Empty;
        Run(1000, _two);
        _one.Machine.IsPresent = true;
        Run(150, _one, _two);
        Assert.False(_one.Machine.IsPresent);
        Assert.Null(_one.Taken);
    }

    [Fact]
    public void A_watched_address_is_followed_wherever_the_network_puts_it()
    {
        Host a = new("n1", watched: true), b = new("n2", watched: true);
        a.Machine.IsPresent = true;
        Run(300, a, b);
        Assert.Equal(AddressPhase.Holding, a.Machine.Phase);
        (a.Machine.IsPresent, b.Machine.IsPresent) = (false, true);
        Run(300, a, b);
        Assert.Equal(AddressPhase.Standby, a.Machine.Phase);
        Assert.Equal(AddressPhase.Holding, b.Machine.Phase);
    }

    private void Run(long millis, params Host[] hosts)
    {
        for (long end = _now + millis; _now < end; _now += 10)
        {
            foreach (var host in hosts.Where(h => !h.IsStopped))
            {
                host.Store ??= _store;
                host.Machine.Tick(_now);
                host.Settle(_now, [_one, _two]);
            }
        }
    }

    private sealed class Host(string name, long incarnation = 1, bool watched = false)
    {
        public NodeRef Self { get; } = new(name, incarnation);

        public AddressMachine Machine { get; } = new(new(name, incarnation), watched ? s_address with { Device = "" } : s_address, s_timers)
        {
            IsLogged = true,
            View = name == "n1" ? AddressView.Empty : AddressView.Empty with { HomeSince = long.MaxValue / 2 },
        };

        public MemoryClusterStore? Store { get; set; }

        public bool IsCut { get; set; }

        public bool IsStopped { get; set; }

        public bool LinkAnswers { get; set; }

        public TakeAddress? Taken { get; private set; }

        public void Settle(long now, Host[] others)
        {
            while (Machine.TryGetOutput(out var output))
            {
                switch (output)
                {
                    case AskLease ask:
                        Machine.HandleLease(now, ask, IsCut ? null : (LeaseReply)Store!.Execute(ask.Request, now));
                        break;
                    case ProbeLink:
                        Machine.HandleProbe(now, LinkAnswers || others.Any(o => o != this && !o.IsCut && o.Machine.IsPresent));
                        break;
                    case TakeAddress take:
                        Taken = take;
                        foreach (var former in others.Where(o => o.Self == take.Former && !o.IsStopped && !o.IsCut))
                        {
                            Assert.True(former.Machine.HandleFence(take.Epoch));
                            former.Settle(now, others);
                            Assert.False(former.Machine.IsPresent);
                        }

                        Machine.IsPresent = true;
                        Machine.HandleTaken(now, take.Epoch);
                        break;
                    case DropAddress when !Machine.Address.IsWatched:
                        Machine.IsPresent = false;
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
