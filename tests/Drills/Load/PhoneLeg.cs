using System.Buffers.Binary;
using System.Collections;
using System.Net;

namespace RtpCluster.Drills.Load;

/// <summary>One direction of a call: what a phone sent and what of it the other phone got. Written by the phones' thread, read by anybody.</summary>
public sealed class PhoneLeg(int side, uint ssrc)
{
    private readonly BitArray _arrived = new(65536);
    private bool _talks;

    /// <summary>0: from the caller; 1: from the callee.</summary>
    public int Side { get; } = side;

    /// <summary>The SSRC, its number from 1.</summary>
    public uint Ssrc { get; } = ssrc;

    /// <summary>Where it sends to, host order.</summary>
    public uint Address { get; private set; }

    /// <summary>Where it sends to.</summary>
    public ushort Port { get; private set; }

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
    public void Aim(IPEndPoint target)
    {
        Port = (ushort)target.Port;
        Address = BinaryPrimitives.ReadUInt32BigEndian(target.Address.GetAddressBytes());
    }

    /// <summary>A packet of it arrived.</summary>
    public void Note(ushort sequence)
    {
        if (_arrived[sequence])
        {
            Doubled++;
            return;
        }

        _arrived[sequence] = true;
        Arrived++;
    }
}
