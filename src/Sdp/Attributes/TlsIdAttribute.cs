// a=tls-id: RFC 8842 section 4.
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary><c>a=tls-id</c>: names a DTLS association.</summary>
public static class TlsIdAttribute
{
    /// <summary>True for 20 to 255 characters of the alphabet of RFC 8842.</summary>
    public static bool IsValid(ReadOnlySpan<char> value)
    {
        if (value.Length is < 20 or > 255)
        {
            return false;
        }

        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/' or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A fresh id: 32 lower-case hexadecimal digits.</summary>
    public static string Create(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
