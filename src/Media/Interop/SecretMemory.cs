using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RtpCluster.Media.Interop;

/// <summary>Memory for keys that the garbage collector never copies; zeroed before it is freed, also when its owner is dropped.</summary>
internal sealed unsafe class SecretMemory : SafeHandle
{
    private readonly int _length;

    internal SecretMemory(int length)
        : base(0, ownsHandle: true)
    {
        _length = length;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)length, 16));
        Span.Clear();
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte, aligned to 16. Valid while this object is reachable and not disposed.</summary>
    internal byte* Pointer => (byte*)handle;

    /// <summary>All of it.</summary>
    internal Span<byte> Span => new((void*)handle, _length);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(Span);
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
