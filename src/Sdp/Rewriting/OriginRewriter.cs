using System.Globalization;
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>Decides o= and s= (RFC 8866 sections 5.2 and 5.3; version rule of RFC 3264 section 8) and prints the body with them.</summary>
public static class OriginRewriter
{
    /// <summary>Low bits of the clock, and random bits, in the numbers of our own o= lines.</summary>
    private const int OwnNumberMask = 0xfffffff;

    /// <summary>Prints a body toward one participant.</summary>
    /// <param name="output">What to say; its origin and name are the source's.</param>
    /// <param name="manipulations">Changes to attribute lines; null: none.</param>
    /// <param name="replace">Which parts of o= and s= are ours.</param>
    /// <param name="local">Advertised address of our first media; none: there is no media, the source's address stays.</param>
    /// <param name="previous">What this participant was told last; null: nothing yet.</param>
    /// <param name="next">What it has been told now.</param>
    public static string Print(
        SdpOutput output, SdpManipulations? manipulations, SdpReplace replace, IpAddress local, OriginState? previous, out OriginState next)
    {
        var kept = previous?.Local ?? IpAddress.None;
        if ((replace & SdpReplace.Origin) != 0 && kept.Family == IpFamily.None)
        {
            kept = local;
        }

        var chosen = output with
        {
            Origin = Choose(output.Origin, replace, kept, previous?.Printed),
            Name = (replace & SdpReplace.SessionName) != 0 && previous is not null ? previous.SessionName : output.Name,
        };
        string body = SdpPrinter.Print(chosen, manipulations);
        ulong hash = Hash(body);
        if (MustCount(replace, previous, hash))
        {
            chosen = chosen with { Origin = chosen.Origin with { Version = Increment(chosen.Origin.Version) } };
            body = SdpPrinter.Print(chosen, manipulations);
            hash = Hash(body);
        }

        next = new OriginState(chosen.Origin, chosen.Name, kept, hash);
        return body;
    }

    /// <summary>An o= line of our own, for bodies without a source (publish, subscribe, create).</summary>
    public static SdpOrigin Own(Instant now, IEntropy entropy, IpAddress address)
    {
        Span<byte> random = stackalloc byte[4];
        entropy.Fill(random);
        long id = (now.Micros & OwnNumberMask) + 1;
        long version = (BitConverter.ToUInt32(random) & OwnNumberMask) + 1L;
        return new SdpOrigin("-", Text(id), Text(version), "IN", SdpText.FamilyName(address.Family), address.ToString());
    }

    private static SdpOrigin Choose(SdpOrigin source, SdpReplace replace, IpAddress kept, SdpOrigin? printed)
    {
        var origin = source;
        if (printed is not null)
        {
            if ((replace & SdpReplace.OriginFull) != 0)
            {
                origin = printed;
            }

            if ((replace & SdpReplace.Username) != 0)
            {
                origin = origin with { Username = printed.Username };
            }

            if ((replace & (SdpReplace.SdpVersion | SdpReplace.OriginFull | SdpReplace.ForceIncrementSdpVersion)) != 0)
            {
                origin = origin with { Version = printed.Version };
            }
        }

        return (replace & SdpReplace.Origin) != 0 && kept.Family != IpFamily.None
            ? origin with { NetType = "IN", Family = SdpText.FamilyName(kept.Family), Address = kept.ToString() }
            : origin;
    }

    private static bool MustCount(SdpReplace replace, OriginState? previous, ulong hash)
    {
        if ((replace & SdpReplace.ForceIncrementSdpVersion) != 0)
        {
            return true;
        }

        bool counts = (replace & (SdpReplace.SdpVersion | SdpReplace.OriginFull)) != 0;
        return counts && previous is not null && previous.BodyHash != hash;
    }

    /// <summary>The next version; one that is no number starts over at 1.</summary>
    private static string Increment(string version) =>
        Text(long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue
            ? number + 1
            : 1);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>FNV-1a, 64 bits: the same in every process, unlike string.GetHashCode, for the state outlives ours.</summary>
    private static ulong Hash(string body)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in body)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }
}
