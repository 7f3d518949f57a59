using System.Runtime.InteropServices;

namespace RtpCluster.NodeAgent.Bpf;

/// <summary>BPF registers; R0 result, R1-R5 arguments (lost in calls), R6-R9 kept, R10 frame pointer.</summary>
internal enum Reg : byte
{
    R0 = 0,
    R1 = 1,
    R2 = 2,
    R3 = 3,
    R6 = 6,
    R7 = 7,
    R8 = 8,
    R9 = 9,
    Frame = 10,
}

/// <summary>Width of a memory access.</summary>
internal enum Width : byte
{
    Word = 0x00,
    Half = 0x08,
    Byte = 0x10,
    Double = 0x18,
}

/// <summary>Conditions of a jump.</summary>
internal enum Condition : byte
{
    Equal = 0x10,
    Greater = 0x20,
    GreaterOrEqual = 0x30,
    NotEqual = 0x50,
}

/// <summary>One 8-byte BPF instruction: opcode, registers, jump or memory offset, immediate.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BpfInstruction(byte Code, byte Registers, short Offset, int Immediate);

/// <summary>Assembles the few BPF instructions our programs need; jumps go to named labels, forward only.</summary>
internal sealed class BpfAssembler
{
    private const byte Alu64 = 0x07, Jump = 0x05, Jump32 = 0x06, FromRegister = 0x08;
    private const byte MapFd = 1;

    private readonly List<BpfInstruction> _code = [];
    private readonly List<(int At, string Label)> _jumps = [];
    private readonly Dictionary<string, int> _labels = [];

    /// <summary>target = value.</summary>
    public BpfAssembler Move(Reg target, int value) => Emit(Alu64 | 0xb0, target, 0, 0, value);

    /// <summary>target = source.</summary>
    public BpfAssembler Move(Reg target, Reg source) => Emit(Alu64 | FromRegister | 0xb0, target, source, 0, 0);

    /// <summary>target += value.</summary>
    public BpfAssembler Add(Reg target, int value) => Emit(Alu64, target, 0, 0, value);

    /// <summary>target += source.</summary>
    public BpfAssembler Add(Reg target, Reg source) => Emit(Alu64 | FromRegister, target, source, 0, 0);

    /// <summary>target &lt;&lt;= bits.</summary>
    public BpfAssembler ShiftLeft(Reg target, int bits) => Emit(Alu64 | 0x60, target, 0, 0, bits);

    /// <summary>target = *(source + offset).</summary>
    public BpfAssembler Load(Width width, Reg target, Reg source, short offset) => Emit((byte)(0x61 | (byte)width), target, source, offset, 0);

    /// <summary>*(target + offset) = source.</summary>
    public BpfAssembler Store(Width width, Reg target, short offset, Reg source) => Emit((byte)(0x63 | (byte)width), target, source, offset, 0);

    /// <summary>Atomic 64-bit *(target + offset) += source.</summary>
    public BpfAssembler AtomicAdd(Reg target, short offset, Reg source) => Emit(0xdb, target, source, offset, 0);

    /// <summary>target = the map behind a descriptor (two instructions).</summary>
    public BpfAssembler LoadMap(Reg target, int mapFd) => Emit(0x18, target, (Reg)MapFd, 0, mapFd).Emit(0, 0, 0, 0, 0);

    /// <summary>Calls a kernel helper.</summary>
    public BpfAssembler Call(int helper) => Emit(0x85, 0, 0, 0, helper);

    /// <summary>Returns R0.</summary>
    public BpfAssembler Exit() => Emit(0x95, 0, 0, 0, 0);

    /// <summary>Jumps always.</summary>
    public BpfAssembler Goto(string label) => JumpTo(label, Jump, 0, 0, 0);

    /// <summary>Jumps when the register compares so with a value; 64-bit unsigned.</summary>
    public BpfAssembler JumpIf(Condition condition, Reg left, int value, string label) =>
        JumpTo(label, (byte)(Jump | (byte)condition), left, 0, value);

    /// <summary>Jumps when the register compares so with another; 64-bit unsigned.</summary>
    public BpfAssembler JumpIf(Condition condition, Reg left, Reg right, string label) =>
        JumpTo(label, (byte)(Jump | FromRegister | (byte)condition), left, right, 0);

    /// <summary>Jumps when the register's low 32 bits compare so with a value.</summary>
    public BpfAssembler JumpIf32(Condition condition, Reg left, uint value, string label) =>
        JumpTo(label, (byte)(Jump32 | (byte)condition), left, 0, (int)value);

    /// <summary>Names this place.</summary>
    public BpfAssembler Label(string name)
    {
        _labels.Add(name, _code.Count);
        return this;
    }

    /// <summary>The finished program.</summary>
    /// <exception cref="InvalidOperationException">A jump names no label, or one too far away.</exception>
    public BpfInstruction[] Build()
    {
        var code = _code.ToArray();
        foreach (var (at, label) in _jumps)
        {
            if (!_labels.TryGetValue(label, out int target) || target - at - 1 > short.MaxValue)
            {
                throw new InvalidOperationException($"BPF jump to '{label}' cannot be resolved");
            }

            code[at] = code[at] with { Offset = (short)(target - at - 1) };
        }

        return code;
    }

    private BpfAssembler JumpTo(string label, byte code, Reg left, Reg right, int value)
    {
        _jumps.Add((_code.Count, label));
        return Emit(code, left, right, 0, value);
    }

    private BpfAssembler Emit(byte code, Reg target, Reg source, short offset, int immediate)
    {
        _code.Add(new BpfInstruction(code, (byte)((byte)target | ((byte)source << 4)), offset, immediate));
        return this;
    }
}
