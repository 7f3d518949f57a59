using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Packets;

namespace RtpCluster.NodeAgent.Bpf;

/// <summary>
/// The steering program in the kernel with its maps. It lasts as long as this process. The port map is mapped into memory: giving a port to a
/// reactor is one store. Each reactor writes its own ports only.
/// </summary>
internal sealed unsafe class SteeringTable : IDisposable
{
    private const int ProtRead = 1, ProtWrite = 2, MapShared = 1;
    private const int OwnerOffset = 0, ArrivalOffset = 8, RefusedOffset = 16;

    private readonly IpAddress[] _locals;
    private readonly int _reactors;
    private readonly List<int> _descriptors = [];
    private readonly int _portMap;
    private readonly int _socketMap;
    private readonly nint _size;
    private readonly byte* _entries;

    /// <summary>Makes the maps.</summary>
    /// <exception cref="TierUnavailableException">BPF is not allowed here.</exception>
    public SteeringTable(IReadOnlyList<IpAddress> locals, int reactors)
    {
        _locals = [.. locals];
        _reactors = reactors;
        int entries = locals.Count * SteeringProgram.PortsPerAddress;
        _portMap = Keep(
            BpfCalls.CreateMap(BpfCalls.MapTypeArray, sizeof(uint), SteeringProgram.EntrySize, entries, BpfCalls.MapFlagMmapable), "BPF port map");
        _socketMap = Keep(BpfCalls.CreateMap(BpfCalls.MapTypeSockMap, sizeof(uint), sizeof(ulong), (reactors + 1) * 2, 0), "BPF socket map");
        _size = (nint)entries * SteeringProgram.EntrySize;
        _entries = (byte*)LibC.mmap(null, _size, ProtRead | ProtWrite, MapShared, _portMap, 0);
        if ((nint)_entries == -1)
        {
            int errno = LibC.LastError;
            Dispose();
            throw new TierUnavailableException($"mapping the BPF port map: {LibC.Describe(errno)}");
        }
    }

    /// <summary>The place of a local address, -1: not ours.</summary>
    public int IndexOf(in IpAddress address)
    {
        for (int i = 0; i < _locals.Length; i++)
        {
            if (_locals[i] == address)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Names the socket that takes a reactor's packets of one family; the reactor after the last one is the sink.</summary>
    public void SetSocket(int reactor, IpFamily family, int fd)
    {
        int result = BpfCalls.UpdateSocket(_socketMap, (reactor * 2) + (family == IpFamily.V6 ? 1 : 0), fd);
        if (result < 0)
        {
            throw new TierUnavailableException($"BPF socket map: {LibC.Describe(-result)}");
        }
    }

    /// <summary>Loads the program and puts it in force for this network namespace.</summary>
    /// <exception cref="TierUnavailableException">The kernel refuses.</exception>
    public void Attach(int packetsPerSecond, int burst)
    {
        var code = SteeringProgram.Assemble(_locals, _portMap, _socketMap, _reactors, packetsPerSecond, burst);
        int program = BpfCalls.LoadSkLookup(MemoryMarshal.AsBytes(code.AsSpan()), out string log);
        Keep(program, $"BPF program{(log.Length > 0 ? $" ({log})" : "")}");
        fixed (byte* path = "/proc/self/ns/net\0"u8)
        {
            int ns = LibC.open(path, LibC.OpenCloExec, 0);
            Keep(ns < 0 ? -LibC.LastError : ns, "network namespace");
            Keep(BpfCalls.AttachToNamespace(program, ns), "attaching the BPF program");
        }
    }

    /// <summary>Gives a port to a reactor.</summary>
    public void Give(int address, ushort port, int reactor)
    {
        byte* entry = Entry(address, port);
        *(ulong*)(entry + ArrivalOffset) = 0;
        *(ulong*)(entry + RefusedOffset) = 0;
        Volatile.Write(ref *(uint*)(entry + OwnerOffset), (uint)reactor + 1);
    }

    /// <summary>Takes a port back: its packets go their ordinary way again.</summary>
    public void Take(int address, ushort port) => Volatile.Write(ref *(uint*)(Entry(address, port) + OwnerOffset), 0);

    /// <summary>Somebody owns the port.</summary>
    public bool IsGiven(int address, ushort port) => Volatile.Read(ref *(uint*)(Entry(address, port) + OwnerOffset)) != 0;

    /// <summary>Packets of the port that its rate limit refused since it was given.</summary>
    public long Refused(int address, ushort port) => (long)Volatile.Read(ref *(ulong*)(Entry(address, port) + RefusedOffset));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_entries != null && (nint)_entries != -1)
        {
            _ = LibC.munmap(_entries, _size);
        }

        foreach (int fd in _descriptors)
        {
            LibC.close(fd);
        }
    }

    private byte* Entry(int address, ushort port) =>
        _entries + ((((nint)address * SteeringProgram.PortsPerAddress) + port) * SteeringProgram.EntrySize);

    private int Keep(int fd, string what)
    {
        if (fd < 0)
        {
            Dispose();
            throw new TierUnavailableException($"{what}: {LibC.Describe(-fd)}");
        }

        _descriptors.Add(fd);
        return fd;
    }
}
