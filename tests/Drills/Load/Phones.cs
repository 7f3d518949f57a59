using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills.Load;

/// <summary>
/// All phones of a drill: one thread, two sockets (callers, callees), 50 packets/s for each leg that talks, spread over each 20 ms. A leg is told
/// apart by its SSRC; every packet that arrives is noted by its sequence number.
/// </summary>
public sealed class Phones : IDisposable
{
    public const string Host = "10.77.0.100", HostV6 = "fd77::100";
    public const int CallerPort = 20_000, CalleePort = 20_002, TickMillis = 20;
    private const int Slots = 10;
    private readonly DatagramSocket[] _sockets;
    private readonly List<PhoneLeg> _legs = [];
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Opens them.</summary>
    /// <param name="where">Their host.</param>
    /// <param name="host">Their address.</param>
    public Phones(NetworkNamespace where, string host = Host)
    {
        _sockets = [DatagramSocket.Open(where, IPAddress.Parse(host), CallerPort), DatagramSocket.Open(where, IPAddress.Parse(host), CalleePort)];
        _thread = new Thread(Run) { IsBackground = true, Name = "phones" };
        _thread.Start();
    }

    /// <summary>Latest that a slot was sent, ms: what is above a few is this machine's, not the node's.</summary>
    public double Lateness { get; private set; }

    /// <summary>Adds a silent leg.</summary>
    /// <param name="side">0: a caller; 1: a callee.</param>
    public PhoneLeg Add(int side)
    {
        lock (_legs)
        {
            var leg = new PhoneLeg(side, (uint)_legs.Count + 1);
            _legs.Add(leg);
            return leg;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        Array.ForEach(_sockets, s => s.Dispose());
    }

    private void Run()
    {
        long start = Stopwatch.GetTimestamp();
        for (long slot = 0; !_stop; slot++)
        {
            double ahead;
            while ((ahead = (slot * (double)TickMillis / Slots) - Stopwatch.GetElapsedTime(start).TotalMilliseconds) > 0)
            {
                Pause.Micros((int)(ahead * 1000));
            }

            Lateness = Math.Max(Lateness, -ahead);
            PhoneLeg[] legs;
            lock (_legs)
            {
                legs = [.. _legs];
            }

            for (int side = 0; side < _sockets.Length; side++)
            {
                Send(_sockets[side], legs.Where(l => l.Side == side && l.Ssrc / 2 % Slots == slot % Slots && l.Talks));
                Drain(_sockets[side], legs);
            }
        }
    }

    private static void Send(DatagramSocket socket, IEnumerable<PhoneLeg> legs)
    {
        int n = 0;
        foreach (var leg in legs)
        {
            var packet = socket.Room(n);
            packet[0] = 0x80;
            packet[1] = 8;
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)leg.Sent);
            BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)(leg.Sent * 160));
            BinaryPrimitives.WriteUInt32BigEndian(packet[8..], leg.Ssrc);
            packet[12..DatagramSocket.PacketSize].Fill(0xd5);
            socket.Aim(n, leg.Target, leg.Protect(packet, DatagramSocket.PacketSize));
            leg.Sent++;
            if (++n == DatagramSocket.Batch)
            {
                socket.Send(n);
                n = 0;
            }
        }

        socket.Send(n);
    }

    private static void Drain(DatagramSocket socket, PhoneLeg[] legs)
    {
        int n;
        do
        {
            n = socket.Receive();
            for (int i = 0; i < n; i++)
            {
                var packet = socket.Room(i)[..socket.Length(i)];
                if (packet.Length < DatagramSocket.PacketSize)
                {
                    continue;
                }

                uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
                if (packet[1] == 8 && ssrc > 0 && ssrc <= legs.Length)
                {
                    legs[ssrc - 1].Note(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), packet);
                }
            }
        }
        while (n == DatagramSocket.Batch);
    }
}
