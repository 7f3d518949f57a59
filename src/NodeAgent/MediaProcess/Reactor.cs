using System.Collections.Concurrent;
using System.Diagnostics;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Transports;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Kernel;
using RtpCluster.NodeAgent.Packets;
using RtpCluster.NodeAgent.Transports;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// One thread that owns an engine and its network. A call lives wholly on one reactor, so nothing of the packet path is shared. Commands come
/// through a queue and run between rounds.
/// </summary>
internal sealed class Reactor : IDisposable
{
    /// <summary>The engine looks after a share of its calls at each tick, all of them once a second: short ticks delay no packet for long.</summary>
    private const int TickMillis = 50;
    private const int SliceMicros = 100;
    private const int TimerSlackNanos = 1000;

    private readonly ConcurrentQueue<Action<Reactor>> _commands = new();
    private readonly List<Action> _afterCommands = [];
    private readonly EventFd _wake = new();
    private readonly Pacer _pacer;
    private readonly Action<MediaFact> _publish;
    private readonly TransportThread _transports;
    private readonly Thread _thread;
    private readonly int _cpu;
    private ReactorIo _io = null!;
    private KernelTable? _kernel;
    private volatile bool _stopping;
    private int _liveCalls;
    private int _wakePending;
    private int _handedOver;

    /// <summary>Makes a reactor; <see cref="Start"/> runs it.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="cpu">The CPU it keeps to; -1: any.</param>
    /// <param name="options">The process's options.</param>
    /// <param name="transports">Runs ICE and DTLS.</param>
    /// <param name="publish">Takes facts; called on the reactor's thread.</param>
    public Reactor(int index, int cpu, MediaProcessOptions options, TransportThread transports, Action<MediaFact> publish)
    {
        _transports = transports;
        Index = index;
        _cpu = cpu;
        _publish = publish;
        _pacer = new Pacer(options.ModerationMicros);
        _thread = new Thread(Run) { IsBackground = true, Name = $"reactor {index}" };
    }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>Its engine; touch it from commands only.</summary>
    public ReactorEngine Engine { get; } = new(new EngineOptions());

    /// <summary>Its calls; touch them from commands only.</summary>
    public ReactorCalls Calls { get; private set; } = null!;

    /// <summary>Calls that keep the process running. Any thread.</summary>
    public int LiveCalls => Volatile.Read(ref _liveCalls);

    /// <summary>Gives it its network. Before <see cref="Start"/>.</summary>
    /// <param name="tier">How it receives and sends.</param>
    /// <param name="kernel">Its way to the kernel's table; null: none.</param>
    public void Attach(PacketTier tier, KernelTable? kernel)
    {
        _kernel = kernel;
        Engine.Offload = kernel;
        _io = tier.CreateReactor(Index, Engine, _wake);
        Calls = new ReactorCalls(Engine, _io);
    }

    /// <summary>Puts a plan in force, here and on the thread that runs ICE and DTLS. From commands only.</summary>
    public ApplyReply Apply(MediaPlan plan)
    {
        var reply = Calls.Apply(Clock.Now, plan);
        if (reply.Result != nameof(PlanResult.Stale))
        {
            _transports.Apply(Index, plan);
        }

        return reply;
    }

    /// <summary>Ends a call. From commands only.</summary>
    public StatisticsReply Remove(CallId callId)
    {
        _transports.Remove(callId);
        return Calls.Remove(Clock.Now, callId);
    }

    /// <summary>Sends STUN and DTLS packets. From commands only.</summary>
    public void Send(TransportDatagram[] datagrams)
    {
        foreach (ref readonly var datagram in datagrams.AsSpan())
        {
            if (Engine.TryFindPort(datagram.Local, out var port))
            {
                datagram.Bytes.CopyTo(_io.Output.Next());
                _io.Output.Commit(port, datagram.Local, datagram.Remote, datagram.Bytes.Length, datagram.Tos);
            }
        }
    }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Queues work for the reactor's thread. Any thread.</summary>
    public void Post(Action<Reactor> command)
    {
        _commands.Enqueue(command);
        Wake();
    }

    /// <summary>Queues work as one of many: <see cref="Wake"/> follows the last. Any thread.</summary>
    public void Queue(Action<Reactor> command) => _commands.Enqueue(command);

    /// <summary>Has the reactor look at its queue. Any thread.</summary>
    public void Wake()
    {
        if (!_commands.IsEmpty && Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            _wake.Signal();
        }
    }

    /// <summary>Runs something once, after all commands that wait now. From commands only.</summary>
    public void AfterCommands(Action work)
    {
        if (!_afterCommands.Contains(work))
        {
            _afterCommands.Add(work);
        }
    }

    /// <summary>Takes over what the kernel's table counted. From commands only.</summary>
    public void Absorb(IReadOnlyList<OffloadReport> reports)
    {
        foreach (var report in reports)
        {
            Engine.Absorb(report);
        }
    }

    /// <summary>Brings counters kept elsewhere up to date. From commands only.</summary>
    public void CollectDrops() => _io.CollectDrops();

    /// <summary>Ends the thread and closes every port.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Signal();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _io?.Dispose();
        _kernel?.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        CurrentThread.SetTimerSlack(TimerSlackNanos);
        CurrentThread.SetPriority(CurrentThread.MediaNice, SliceMicros);
        if (_cpu >= 0)
        {
            CurrentThread.Pin(_cpu);
        }

        long nextTick = Stopwatch.GetTimestamp();
        int sleepMicros = 0;
        while (!_stopping)
        {
            RunCommands();
            long monotonic = Stopwatch.GetTimestamp();
            if (monotonic >= nextTick)
            {
                Tick();
                nextTick = monotonic + (TickMillis * 1_000_000L);
            }

            if (sleepMicros > 0)
            {
                CurrentThread.SleepMicros(sleepMicros);
                _io.Wait(0);
            }
            else if (_io.Wait((int)((nextTick - monotonic) / 1_000_000) + 1) && _pacer.BeforeRound > 0)
            {
                CurrentThread.SleepMicros(_pacer.BeforeRound);
            }

            var now = Clock.Now;
            int packets = _io.Receive(now);
            Engine.SettleOffload(now);
            _io.Output.Submit();
            PublishFacts();
            WakeTransports();
            sleepMicros = _pacer.AfterRound(packets, Stopwatch.GetTimestamp());
        }
    }

    private void RunCommands()
    {
        // First of all, even when nothing waits: the wake-up of a command that an earlier round took along has been consumed by now, and the
        // next command must signal again.
        Interlocked.Exchange(ref _wakePending, 0);
        if (_commands.IsEmpty)
        {
            return;
        }

        while (_commands.TryDequeue(out var command))
        {
            command(this);
        }

        _io.Output.Submit();
        PublishFacts();
        Volatile.Write(ref _liveCalls, Calls.LiveCount);
        foreach (var work in _afterCommands)
        {
            work();
        }

        _afterCommands.Clear();
    }

    private void Tick()
    {
        var now = Clock.Now;
        Engine.Tick(now, _io.Output);
        Engine.SettleOffload(now);
        _io.Output.Submit();
        PublishFacts();
        Volatile.Write(ref _liveCalls, Calls.LiveCount);
    }

    private void WakeTransports()
    {
        int written = Engine.Handover.Written;
        if (written != _handedOver)
        {
            _handedOver = written;
            _transports.Wake();
        }
    }

    private void PublishFacts()
    {
        while (Engine.TryGetFact(out var fact))
        {
            Calls.Note(fact);
            _publish(fact);
        }
    }
}
