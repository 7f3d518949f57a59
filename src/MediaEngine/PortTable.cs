using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine;

/// <summary>All local ports of a reactor: by address, and by handle.</summary>
internal sealed class PortTable
{
    private readonly Dictionary<NetEndpoint, LocalPort> _byAddress = [];
    private readonly Stack<int> _free = new();
    private LocalPort?[] _slots = new LocalPort?[64];
    private int[] _generations = new int[64];
    private int _used;

    /// <summary>Finds the port that a packet arrived on.</summary>
    public bool TryFind(in NetEndpoint local, out PortHandle handle)
    {
        bool found = _byAddress.TryGetValue(local, out var port);
        handle = found ? port!.Handle : default;
        return found;
    }

    /// <summary>The port of a handle; null: it is gone.</summary>
    public LocalPort? this[PortHandle handle]
    {
        get
        {
            var slots = _slots;
            if ((uint)handle.Index >= (uint)slots.Length)
            {
                return null;
            }

            var port = slots[handle.Index];
            return port is not null && port.Handle.Generation == handle.Generation ? port : null;
        }
    }

    /// <summary>Adds a port. An address that another stream had goes to the new one: the newer plan is right.</summary>
    public LocalPort Add(in NetEndpoint local, StreamRuntime stream, int index, InterfaceCounters counters)
    {
        if (_byAddress.TryGetValue(local, out var old))
        {
            Remove(old);
        }

        int slot = _free.Count > 0 ? _free.Pop() : _used++;
        if (slot == _slots.Length)
        {
            Array.Resize(ref _slots, slot * 2);
            Array.Resize(ref _generations, slot * 2);
        }

        var port = new LocalPort(new PortHandle(slot, ++_generations[slot]), local, stream, index, counters);
        _slots[slot] = port;
        _byAddress[local] = port;
        return port;
    }

    /// <summary>Removes a port; one that lost its address to another stream is gone already.</summary>
    public void Remove(LocalPort port)
    {
        if (_slots[port.Handle.Index] == port)
        {
            _slots[port.Handle.Index] = null;
            _free.Push(port.Handle.Index);
            _byAddress.Remove(port.Local);
        }
    }
}
