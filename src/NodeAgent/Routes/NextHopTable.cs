using System.Collections.Concurrent;
using System.Diagnostics;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Routes;

/// <summary>
/// Where packets go, found out by a thread of its own, so that reactors can hand them to the network device without the kernel's route lookup
/// per packet. Only the kernel knows: routes and neighbours are read from it, again at each of its announcements and once a second. Whatever
/// is not plain (no neighbour yet, a tunnel, any packet filter or IPsec policy on this host) has no entry and goes the kernel's own path.
/// </summary>
internal sealed class NextHopTable : IDisposable
{
    private const int SweepMillis = 1000, MinimumGapMillis = 100;
    private const int MaxEntries = 100_000, IdleSweeps = 60, RouteSweeps = 30;

    // RTMGRP_LINK, _NEIGH, _IPV4_IFADDR, _IPV4_ROUTE, _IPV4_RULE, _IPV6_IFADDR, _IPV6_ROUTE
    private const uint Announcements = 0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400;

    private readonly ConcurrentDictionary<RouteKey, NextHopEntry> _entries = new();
    private readonly ConcurrentQueue<NextHopEntry> _fresh = new();
    private readonly EventFd _wake = new();
    private readonly EpollSet _epoll = new(4);
    private readonly NetlinkSocket _announcements = new(NetlinkSocket.RouteProtocol, Announcements);
    private readonly RouteReader _reader = new();
    private readonly FilterWatch _filters = new();
    private readonly Thread _thread;
    private volatile bool _stopping;
    private bool _mayBypass;
    private int _sweeps;

    /// <summary>Starts the thread.</summary>
    public NextHopTable()
    {
        _epoll.Add(_wake.Fd, 0);
        _epoll.Add(_announcements.Fd, 1);
        _thread = new Thread(Run) { IsBackground = true, Name = "routes" };
        _thread.Start();
    }

    /// <summary>The entry of a way; a new one is empty until the thread has looked it up. Any thread; allocates for a new way only.</summary>
    public NextHopEntry Find(in RouteKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            return entry;
        }

        entry = new NextHopEntry(key);
        if (_entries.Count < MaxEntries && _entries.TryAdd(key, entry))
        {
            _fresh.Enqueue(entry);
            _wake.Signal();
        }

        return entry;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _wake.Signal();
        _thread.Join();
        _announcements.Dispose();
        _reader.Dispose();
        _filters.Dispose();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        long lastSweep = 0;
        bool changed = true;
        while (!_stopping)
        {
            var sinceSweep = Stopwatch.GetElapsedTime(lastSweep);
            if (sinceSweep.TotalMilliseconds >= (changed ? MinimumGapMillis : SweepMillis))
            {
                Sweep(changed);
                lastSweep = Stopwatch.GetTimestamp();
                changed = false;
            }

            // A burst of announcements is one change: it is looked at when the gap is over.
            _epoll.Wait(changed ? MinimumGapMillis : SweepMillis);
            _wake.Clear();
            changed |= _announcements.Drain();
            while (_fresh.TryDequeue(out var entry))
            {
                _reader.Route(entry);
                Complete(entry);
            }
        }
    }

    private void Sweep(bool changed)
    {
        _mayBypass = !_filters.IsAnythingThere();
        _reader.Refresh();
        bool routes = changed || ++_sweeps % RouteSweeps == 0;
        foreach (var (key, entry) in _entries)
        {
            entry.Idle = entry.Used ? 0 : entry.Idle + 1;
            entry.Used = false;
            if (entry.Idle > IdleSweeps)
            {
                entry.Retired = true;
                entry.Hop = null;
                _entries.TryRemove(key, out _);
                continue;
            }

            if (routes)
            {
                _reader.Route(entry);
            }

            Complete(entry);
        }
    }

    private void Complete(NextHopEntry entry)
    {
        if (_mayBypass)
        {
            _reader.Complete(entry);
        }
        else
        {
            entry.Hop = null;
        }
    }
}
