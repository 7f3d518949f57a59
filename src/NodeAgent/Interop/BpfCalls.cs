using System.Runtime.InteropServices;
using System.Text;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>bpf(2): the commands we use. Each returns a descriptor or 0, or minus the errno.</summary>
internal static unsafe class BpfCalls
{
    public const int MapTypeArray = 2;
    public const int MapTypeSockMap = 15;
    public const int MapFlagMmapable = 1 << 10;
    private const int ProgramTypeSkLookup = 30;
    private const int AttachSkLookup = 36;
    private const int MapCreate = 0, MapUpdate = 2, ProgramLoad = 5, LinkCreate = 28;
    private const int AttributeBytes = 128;

    private static readonly nint s_number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        _ => 280, // the generic table: arm64, riscv64
    };

    /// <summary>Creates a map.</summary>
    public static int CreateMap(int type, int keySize, int valueSize, int entries, int flags)
    {
        uint* a = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<uint>(a, AttributeBytes / sizeof(uint)).Clear();
        a[0] = (uint)type;
        a[1] = (uint)keySize;
        a[2] = (uint)valueSize;
        a[3] = (uint)entries;
        a[4] = (uint)flags;
        return Call(MapCreate, a);
    }

    /// <summary>Puts a socket into a SOCKMAP.</summary>
    public static int UpdateSocket(int map, int key, int socketFd)
    {
        ulong* a = stackalloc ulong[AttributeBytes / sizeof(ulong)];
        new Span<ulong>(a, AttributeBytes / sizeof(ulong)).Clear();
        ulong value = (ulong)socketFd;
        a[0] = (uint)map;
        a[1] = (ulong)&key;
        a[2] = (ulong)&value;
        return Call(MapUpdate, a);
    }

    /// <summary>Loads an sk_lookup program; on failure <paramref name="log"/> holds the end of what the verifier said.</summary>
    public static int LoadSkLookup(ReadOnlySpan<byte> code, out string log)
    {
        log = "";
        fixed (byte* instructions = code)
        {
            int fd = Load(instructions, code.Length / 8, null, 0);
            if (fd >= 0)
            {
                return fd;
            }

            byte[] text = new byte[64 * 1024];
            fixed (byte* buffer = text)
            {
                int result = Load(instructions, code.Length / 8, buffer, text.Length);
                int end = Array.IndexOf(text, (byte)0);
                string all = Encoding.ASCII.GetString(text, 0, Math.Max(end, 0)).TrimEnd();
                log = all.Length > 300 ? all[^300..] : all;
                return result;
            }
        }
    }

    /// <summary>Attaches a program to a network namespace for as long as the returned link is open.</summary>
    public static int AttachToNamespace(int program, int namespaceFd)
    {
        uint* a = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<uint>(a, AttributeBytes / sizeof(uint)).Clear();
        a[0] = (uint)program;
        a[1] = (uint)namespaceFd;
        a[2] = AttachSkLookup;
        return Call(LinkCreate, a);
    }

    private static int Load(byte* instructions, int count, byte* log, int logSize)
    {
        ReadOnlySpan<byte> license = "Apache-2.0\0"u8;
        byte* a = stackalloc byte[AttributeBytes];
        new Span<byte>(a, AttributeBytes).Clear();
        fixed (byte* licensePointer = license)
        {
            *(int*)a = ProgramTypeSkLookup;
            *(int*)(a + 4) = count;
            *(ulong*)(a + 8) = (ulong)instructions;
            *(ulong*)(a + 16) = (ulong)licensePointer;
            *(int*)(a + 24) = log == null ? 0 : 1;
            *(int*)(a + 28) = logSize;
            *(ulong*)(a + 32) = (ulong)log;
            *(int*)(a + 68) = AttachSkLookup; // expected_attach_type
            return Call(ProgramLoad, a);
        }
    }

    private static int Call(int command, void* attributes)
    {
        nint result = LibC.syscall(s_number, command, attributes, AttributeBytes);
        return result < 0 ? -LibC.LastError : (int)result;
    }
}
