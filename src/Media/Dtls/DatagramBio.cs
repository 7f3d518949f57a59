using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Dtls;

/// <summary>
/// What libssl reads and writes instead of a socket: one datagram at a time, in memory. A memory BIO of OpenSSL would lose the borders between
/// datagrams. The BIO belongs to its SSL object and dies with it; this object must outlive both.
/// </summary>
internal sealed unsafe class DatagramBio : IDisposable
{
    private const int ControlFlush = 11;
    private const int ControlDgramQueryMtu = 40;
    private const int ControlDgramGetFallbackMtu = 47;
    private const int ControlDgramGetMtuOverhead = 49;
    private const int ControlSetNextTimeout = 45;
    private const int UdpOverhead = 28;

    private static readonly nint Method = MakeMethod();

    private readonly Queue<byte[]> _written = new();
    private readonly GCHandle _self;
    private readonly int _mtu;
    private byte* _datagram;
    private int _length;

    /// <summary>Makes a BIO for datagrams of at most <paramref name="mtu"/> bytes.</summary>
    public DatagramBio(int mtu)
    {
        _mtu = mtu;
        _self = GCHandle.Alloc(this);
        Bio = LibSsl.BioNew(Method);
        LibSsl.BioSetData(Bio, GCHandle.ToIntPtr(_self));
        LibSsl.BioSetInit(Bio, 1);
    }

    /// <summary>The native object.</summary>
    public nint Bio { get; }

    /// <summary>The datagram that libssl reads next; it must stay where it is until libssl has returned.</summary>
    public void Offer(byte* datagram, int length)
    {
        _datagram = datagram;
        _length = length;
    }

    /// <summary>Takes the oldest datagram that libssl has written.</summary>
    public bool TryTake(out byte[] datagram) => _written.TryDequeue(out datagram!);

    /// <inheritdoc/>
    public void Dispose() => _self.Free();

    private static nint MakeMethod()
    {
        fixed (byte* name = "datagrams in memory\0"u8)
        {
            nint method = LibSsl.BioMethodNew(LibSsl.BioNewIndex() | LibSsl.BioSourceSink, name);
            LibSsl.BioMethodSetWrite(method, &Write);
            LibSsl.BioMethodSetRead(method, &Read);
            LibSsl.BioMethodSetControl(method, &Control);
            return method;
        }
    }

    private static DatagramBio Of(nint bio) => (DatagramBio)GCHandle.FromIntPtr(LibSsl.BioGetData(bio)).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* bytes, int length)
    {
        Of(bio)._written.Enqueue(new ReadOnlySpan<byte>(bytes, length).ToArray());
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* target, int length)
    {
        var self = Of(bio);
        LibSsl.BioClearFlags(bio, LibSsl.BioRetryBits);
        if (self._datagram is null)
        {
            LibSsl.BioSetFlags(bio, LibSsl.BioRetryRead);
            return -1;
        }

        int count = Math.Min(length, self._length);
        new ReadOnlySpan<byte>(self._datagram, count).CopyTo(new Span<byte>(target, count));
        self._datagram = null;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command switch
    {
        ControlFlush or ControlSetNextTimeout => 1,
        ControlDgramQueryMtu or ControlDgramGetFallbackMtu => Of(bio)._mtu,
        ControlDgramGetMtuOverhead => UdpOverhead,
        _ => 0,
    };
}
