using System.Collections;
using System.Net;
using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Drills.Load;

/// <summary>One direction of a call: what a phone sent and what of it the other phone got. Written by the phones' thread, read by anybody.</summary>
public sealed class PhoneLeg(int side, uint ssrc)
{
    private readonly BitArray _arrived = new(65536);
    private SrtpContext? _encrypt, _decrypt;
    private SrtpSsrcState _sent, _heard;
    private bool _talks;

    /// <summary>0: from the caller; 1: from the callee.</summary>
    public int Side { get; } = side;

    /// <summary>The SSRC, its number from 1.</summary>
    public uint Ssrc { get; } = ssrc;

    /// <summary>Where it sends to, as the system wants it.</summary>
    public byte[] Target { get; private set; } = [];

    /// <summary>It sends now.</summary>
    public bool Talks
    {
        get => Volatile.Read(ref _talks);
        set => Volatile.Write(ref _talks, value);
    }

    /// <summary>Packets sent.</summary>
    public int Sent { get; set; }

    /// <summary>Different packets that arrived.</summary>
    public int Arrived { get; private set; }

    /// <summary>Packets that arrived and cannot be decrypted.</summary>
    public int Refused { get; private set; }

    /// <summary>Packets that arrived more than once.</summary>
    public int Doubled { get; private set; }

    /// <summary>Packets that have not arrived.</summary>
    public int Lost => Sent - Arrived;

    /// <summary>Longest run of packets that did not arrive, as time at the sender.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            int longest = 0, run = 0;
            for (int i = 0; i < Math.Min(Sent, _arrived.Length); i++)
            {
                run = _arrived[i] ? 0 : run + 1;
                longest = Math.Max(longest, run);
            }

            return TimeSpan.FromMilliseconds(longest * Phones.TickMillis);
        }
    }

    /// <summary>Aims it.</summary>
    public void Aim(IPEndPoint target) => Target = target.Serialize().Buffer[..target.Serialize().Size].ToArray();

    /// <summary>Speaks SRTP; before the first packet.</summary>
    /// <param name="encrypt">Keys of what is sent; null: plain.</param>
    /// <param name="decrypt">Keys of what arrives at the other phone; null: plain.</param>
    public void Secure(SrtpKeys? encrypt, SrtpKeys? decrypt)
    {
        _encrypt = encrypt is null ? null : SrtpContext.Create(encrypt);
        _decrypt = decrypt is null ? null : SrtpContext.Create(decrypt);
    }

    /// <summary>Protects a packet that is to be sent; returns its length.</summary>
    public int Protect(Span<byte> room, int length) => _encrypt is null ? length : _encrypt.ProtectRtp(ref _sent, room, length);

    /// <summary>A packet of it arrived.</summary>
    public void Note(ushort sequence, Span<byte> packet)
    {
        if (_decrypt is not null && !_arrived[sequence] && !_decrypt.TryUnprotectRtp(ref _heard, packet, out _, out _))
        {
            Refused++;
            return;
        }

        if (_arrived[sequence])
        {
            Doubled++;
            return;
        }

        _arrived[sequence] = true;
        Arrived++;
    }
}
