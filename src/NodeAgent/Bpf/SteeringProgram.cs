using System.Buffers.Binary;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Bpf;

/// <summary>
/// The sk_lookup program that hands every UDP packet for one of our ports to the socket of the reactor that owns the port, and a flood to
/// the sink. Pure: makes instructions out of addresses and map descriptors.
/// </summary>
/// <remarks>
/// One entry of the port map (24 bytes): u32 owner (0 not ours, else reactor + 1), u32 unused, u64 arrival (theoretical arrival time in ns,
/// the generic cell rate algorithm), u64 refused. Two packets on two CPUs may race for one entry; the limit is then a packet off.
/// Socket map: reactor × 2 for IPv4, + 1 for IPv6; the sink sockets come after the last reactor.
/// </remarks>
internal static class SteeringProgram
{
    public const int EntrySize = 24;
    public const int PortsPerAddress = 65536;
    private const short OwnerOffset = 0, ArrivalOffset = 8, RefusedOffset = 16;

    // struct bpf_sk_lookup
    private const short ContextFamily = 8, ContextProtocol = 12, ContextLocalV4 = 40, ContextLocalV6 = 44, ContextLocalPort = 60;
    private const int Udp = 17, AfInet = 2, AfInet6 = 10;
    private const int HelperMapLookup = 1, HelperKtime = 5, HelperRelease = 86, HelperAssign = 124;

    /// <summary>Assembles the program.</summary>
    /// <param name="locals">Our addresses; an address's place is its place in the port map.</param>
    /// <param name="portMap">Descriptor of the port map.</param>
    /// <param name="socketMap">Descriptor of the socket map.</param>
    /// <param name="reactors">How many reactors there are.</param>
    /// <param name="packetsPerSecond">Rate limit of one port.</param>
    /// <param name="burst">Packets that may come at once.</param>
    public static BpfInstruction[] Assemble(
        IReadOnlyList<IpAddress> locals, int portMap, int socketMap, int reactors, int packetsPerSecond, int burst)
    {
        int cost = 1_000_000_000 / packetsPerSecond;
        int tolerance = (int)Math.Min((long)cost * burst, int.MaxValue);
        var asm = new BpfAssembler();
        asm.Move(Reg.R6, Reg.R1)
            .Load(Width.Word, Reg.R2, Reg.R6, ContextProtocol)
            .JumpIf(Condition.NotEqual, Reg.R2, Udp, "pass")
            .Load(Width.Word, Reg.R7, Reg.R6, ContextLocalPort);
        FindAddress(asm, locals);

        // R7: index into the port map, R8: 1 for IPv6.
        asm.Label("found")
            .Store(Width.Word, Reg.Frame, -4, Reg.R7)
            .LoadMap(Reg.R1, portMap)
            .Move(Reg.R2, Reg.Frame).Add(Reg.R2, -4)
            .Call(HelperMapLookup)
            .JumpIf(Condition.Equal, Reg.R0, 0, "pass")
            .Move(Reg.R9, Reg.R0)
            .Load(Width.Word, Reg.R7, Reg.R9, OwnerOffset)
            .JumpIf(Condition.Equal, Reg.R7, 0, "pass");

        // Arrived too early by more than the tolerance: refuse. Else the next one is due a cost later.
        asm.Call(HelperKtime)
            .Load(Width.Double, Reg.R1, Reg.R9, ArrivalOffset)
            .Move(Reg.R2, Reg.R0).Add(Reg.R2, tolerance)
            .JumpIf(Condition.Greater, Reg.R1, Reg.R2, "refuse")
            .JumpIf(Condition.GreaterOrEqual, Reg.R1, Reg.R0, "charge")
            .Move(Reg.R1, Reg.R0)
            .Label("charge")
            .Add(Reg.R1, cost)
            .Store(Width.Double, Reg.R9, ArrivalOffset, Reg.R1)
            .Add(Reg.R7, -1)
            .Goto("assign");

        asm.Label("refuse")
            .Move(Reg.R1, 1)
            .AtomicAdd(Reg.R9, RefusedOffset, Reg.R1)
            .Move(Reg.R7, reactors);

        // R7: reactor, or the number after the last one for the sink.
        asm.Label("assign")
            .ShiftLeft(Reg.R7, 1).Add(Reg.R7, Reg.R8)
            .Store(Width.Word, Reg.Frame, -4, Reg.R7)
            .LoadMap(Reg.R1, socketMap)
            .Move(Reg.R2, Reg.Frame).Add(Reg.R2, -4)
            .Call(HelperMapLookup)
            .JumpIf(Condition.Equal, Reg.R0, 0, "pass")
            .Move(Reg.R7, Reg.R0)
            .Move(Reg.R1, Reg.R6).Move(Reg.R2, Reg.R0).Move(Reg.R3, 0)
            .Call(HelperAssign)
            .Move(Reg.R1, Reg.R7)
            .Call(HelperRelease);
        return asm.Label("pass").Move(Reg.R0, 1).Exit().Build();
    }

    private static void FindAddress(BpfAssembler asm, IReadOnlyList<IpAddress> locals)
    {
        asm.Load(Width.Word, Reg.R2, Reg.R6, ContextFamily)
            .JumpIf(Condition.Equal, Reg.R2, AfInet6, "v6")
            .JumpIf(Condition.NotEqual, Reg.R2, AfInet, "pass")
            .Move(Reg.R8, 0)
            .Load(Width.Word, Reg.R2, Reg.R6, ContextLocalV4);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < locals.Count; i++)
        {
            if (locals[i].Family == IpFamily.V4)
            {
                locals[i].WriteBytes(bytes);
                asm.JumpIf32(Condition.NotEqual, Reg.R2, BinaryPrimitives.ReadUInt32LittleEndian(bytes), $"not {i}")
                    .Add(Reg.R7, i * PortsPerAddress).Goto("found")
                    .Label($"not {i}");
            }
        }

        asm.Goto("pass").Label("v6").Move(Reg.R8, 1);
        for (int i = 0; i < locals.Count; i++)
        {
            if (locals[i].Family == IpFamily.V6)
            {
                CompareV6(asm, locals[i], i);
            }
        }

        asm.Goto("pass");
    }

    private static void CompareV6(BpfAssembler asm, IpAddress address, int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        for (int word = 0; word < 4; word++)
        {
            // The low word tells our addresses apart best, so it goes first.
            int at = (3 - word) * 4;
            asm.Load(Width.Word, Reg.R2, Reg.R6, (short)(ContextLocalV6 + at))
                .JumpIf32(Condition.NotEqual, Reg.R2, BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), $"not {index}");
        }

        asm.Add(Reg.R7, index * PortsPerAddress).Goto("found").Label($"not {index}");
    }
}
