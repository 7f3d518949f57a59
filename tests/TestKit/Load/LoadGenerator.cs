using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>
/// Two-way G.711 calls at 50 packets/s through a node, spread evenly over each 20 ms, from one thread. Counts what arrives by call and
/// direction and how long it took from the send call to the receiving socket.
/// </summary>
public sealed class LoadGenerator : IDisposable
{
    public const int Slots = 20;
    private const int ShortDrain = 100, LongDrain = 2000;
    private readonly DatagramSocket[] _sides;
    private readonly uint[] _targets = [HostOrder(Lab.NodeV4), HostOrder(Lab.NodeV4)];
    private readonly List<ushort[]> _calls = [];
    private int _rounds;

    public LoadGenerator(Lab lab)
    {
        _sides =
        [
            DatagramSocket.Open(lab.Caller, IPAddress.Parse(Lab.CallerV4), 6000),
            DatagramSocket.Open(lab.Callee, IPAddress.Parse(Lab.CalleeV4), 6000),
        ];
    }

    /// <summary>Packets that arrived, by call and side.</summary>
    public int[,] Received { get; private set; } = new int[0, 2];

    public long Sent { get; private set; }

    public DelayHistogram Delay { get; } = new();

    /// <summary>How late packets were sent, against the plan.</summary>
    public DelayHistogram Lateness { get; } = new();

    /// <summary>Sends the calls straight to the other side, without a node in between: the machine's and the generator's own delay.</summary>
    public void AimAtEachOther(int calls)
    {
        (_targets[0], _targets[1]) = (HostOrder(Lab.CalleeV4), HostOrder(Lab.CallerV4));
        for (int i = 0; i < calls; i++)
        {
            Add(6000, 6000);
        }
    }

    /// <summary>Adds a call by the node's ports toward caller and callee.</summary>
    public void Add(ushort towardCaller, ushort towardCallee) => _calls.Add([towardCaller, towardCallee]);

    /// <summary>Sends for a while, then waits for stragglers. <paramref name="each"/> runs after every 20 ms round.</summary>
    public void Run(TimeSpan time, Action<int>? each = null, bool measure = true)
    {
        Drain(measure: false);
        Received = new int[_calls.Count, 2];
        Delay.Clear();
        Lateness.Clear();
        Sent = 0;
        long start = Stopwatch.GetTimestamp();
        long total = (long)(time.TotalMilliseconds * Slots / 20);
        for (long slot = 0; slot < total; slot++)
        {
            WaitUntil(start, slot);
            Lateness.Add((long)((Stopwatch.GetElapsedTime(start).TotalMilliseconds - (slot * 20.0 / Slots)) * 1e6));
            for (int side = 0; side < 2; side++)
            {
                SendSlot(side, (int)(slot % Slots), (ushort)(_rounds + (slot / Slots)));
            }

            if (slot % 5 == 4)
            {
                Drain(measure);
            }

            if (slot % Slots == Slots - 1)
            {
                each?.Invoke((int)(slot / Slots));
            }
        }

        _rounds += (int)(total / Slots);

        // Stragglers, and duplicates if there are any: the machine may stand still for longer than any queue is long.
        for (long slot = total; slot < total + ShortDrain || (slot < total + LongDrain && Lost > 0); slot += 5)
        {
            WaitUntil(start, slot);
            Drain(measure);
        }
    }

    /// <summary>Packets that arrived.</summary>
    public long Total
    {
        get
        {
            long got = 0;
            foreach (int n in Received)
            {
                got += n;
            }

            return got;
        }
    }

    /// <summary>Packets that did not.</summary>
    public long Lost => Sent - Total;

    public void Dispose()
    {
        foreach (var side in _sides)
        {
            side.Dispose();
        }
    }

    private static uint HostOrder(string address) => BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes());

    private static void WaitUntil(long start, long slot)
    {
        while (true)
        {
            double ahead = (slot * 20.0 / Slots) - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (ahead <= 0)
            {
                return;
            }

            Pause.Micros((int)(ahead * 1000));
        }
    }

    private void SendSlot(int side, int slot, ushort sequence)
    {
        var socket = _sides[side];
        long now = Pause.RealTimeNanos();
        int n = 0;
        for (int call = slot; call < _calls.Count; call += Slots)
        {
            var packet = socket.Cell(n);
            packet[0] = 0x80;
            packet[1] = 8;
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
            BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)(sequence * 160));
            BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (uint)((call * 2) + side + 1));
            BinaryPrimitives.WriteInt64LittleEndian(packet[12..], now);
            BinaryPrimitives.WriteInt32LittleEndian(packet[20..], call);
            socket.Aim(n, _targets[side], _calls[call][side]);
            if (++n == DatagramSocket.Batch)
            {
                Sent += socket.Send(n);
                n = 0;
            }
        }

        Sent += socket.Send(n);
    }

    private void Drain(bool measure)
    {
        for (int side = 0; side < 2; side++)
        {
            var socket = _sides[side];
            int n;
            do
            {
                n = socket.Receive();
                for (int i = 0; i < n; i++)
                {
                    var packet = socket.Cell(i);
                    int call = BinaryPrimitives.ReadInt32LittleEndian(packet[20..]);
                    if ((uint)call < (uint)_calls.Count && packet[1] == 8)
                    {
                        Received[call, side]++;
                        if (measure)
                        {
                            Delay.Add(socket.ArrivedAt(i) - BinaryPrimitives.ReadInt64LittleEndian(packet[12..]));
                        }
                    }
                }
            }
            while (n == DatagramSocket.Batch);
        }
    }
}
