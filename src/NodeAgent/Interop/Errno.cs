namespace RtpCluster.NodeAgent.Interop;

/// <summary>The errno values the packet path and the binder tell apart (Linux, all architectures).</summary>
internal static class Errno
{
    public const int None = 0;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Invalid = 22;
    public const int TooManyFiles = 24;
    public const int MessageTooLong = 90;
    public const int AddressInUse = 98;
    public const int AddressNotAvailable = 99;
    public const int NoBufferSpace = 105;
    public const int ConnectionRefused = 111;
}
