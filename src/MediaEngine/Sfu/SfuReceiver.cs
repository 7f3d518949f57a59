using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Rtp.Video;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>Follows the RTP of streams whose RTCP ends here: what is missing, where key frames begin, which layer it is.</summary>
internal sealed class SfuReceiver(EngineCounters counters, SfuRequests requests, SfuSender sender)
{
    /// <summary>Time within which a lost packet is worth having: what came again later counts as late, µs.</summary>
    private const long LateMicros = 200_000;

    private const int MaxArrivals = 640;

    /// <summary>Follows one packet. False: it goes no further, nobody misses what it repeats.</summary>
    public bool Run(ref PacketContext packet)
    {
        var stream = packet.Stream;
        var leg = stream.Leg!;
        ReadExtensions(ref packet, stream.Plan.Extensions);
        if (leg.Repairs is { } repairs && repairs.Has(packet.Header.PayloadType))
        {
            // Of packets that the kernel forwards nobody here knows which are missing, and nobody asks for them: these probe the path.
            if (stream.Offload is not null || !repairs.TryUnwrap(ref packet, leg))
            {
                return false;
            }
        }

        packet.Origin = leg.Get(packet.Header.Ssrc);
        if (packet.Origin is not { } source)
        {
            return true;
        }

        bool begins = source.Note(packet.Now, packet.WireLength);
        long missed = source.Gaps.Note(packet.Now, packet.ExtendedSequence);
        if (missed >= 0)
        {
            counters.Recovered++;
            counters.RecoveredLate += missed > LateMicros ? 1 : 0;
        }

        packet.Video = VideoPayload.Read(stream.Types[packet.Header.PayloadType].Video, packet.Packet[packet.Header.PayloadOffset..]);
        if (packet.Video.BeginsKeyFrame)
        {
            source.KeyFrame.Arrived();
        }

        if (leg.IsSimulcast && (begins || source.Layer < 0))
        {
            // Senders begin a layer with a key frame, also after a pause: receivers who may have it get it from there on.
            source.Layer = source.Layer < 0 ? LayerOf(ref packet, stream, leg) : source.Layer;
            foreach (var output in stream.RtpOutputs)
            {
                output.Flow?.Choose(packet.Now, leg, null);
            }
        }

        return true;
    }

    /// <summary>Asks for what the packet showed to be missing; after its copies, which may want a key frame.</summary>
    public void Settle(ref PacketContext packet)
    {
        if (packet.Origin is { } source && (source.KeyFrame.IsPending || source.Gaps.Count > 0))
        {
            requests.Look(packet.Now, packet.Stream, packet.Output);
        }
    }

    private void ReadExtensions(ref PacketContext packet, ExtensionIds ids)
    {
        if (!packet.Header.HasExtension || (ids.TransportWide | ids.AudioLevel) == 0)
        {
            return;
        }

        foreach (var extension in new RtpExtensions(packet.Packet, packet.Header))
        {
            if (extension.Id == ids.TransportWide && extension.Data.Length >= 2)
            {
                Arrived(ref packet, BinaryPrimitives.ReadUInt16BigEndian(extension.Data));
            }
            else if (extension.Id == ids.AudioLevel && extension.Data.Length >= 1)
            {
                packet.Sender!.Heard(extension.Data[0]);
            }
        }
    }

    /// <summary>Tells who sends on this path what came and when.</summary>
    private void Arrived(ref PacketContext packet, ushort number)
    {
        var stream = packet.Stream;
        var recorder = stream.Transport.Arrivals ??= new TransportWideRecorder();
        recorder.Note(packet.Now, number);
        if (recorder.IsDue(packet.Now) && SfuSender.CanSend(stream))
        {
            Span<byte> control = stackalloc byte[MaxArrivals];
            int length = recorder.Write(packet.Now, control);
            uint local = stream.Leg!.Plan.LocalSsrc;
            var writer = new RtcpWriter(packet.Output.Next()[..SfuSender.MaxLength]);
            writer.ReceiverReport(local);
            writer.TransportWide(local, packet.Header.Ssrc, control[..length]);
            sender.Send(stream, writer.Length, packet.Output);
        }
    }

    private static int LayerOf(ref PacketContext packet, StreamRuntime stream, SfuLeg leg)
    {
        var layers = leg.Plan.Layers;
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i].Ssrc == packet.Header.Ssrc)
            {
                return i;
            }
        }

        foreach (var extension in new RtpExtensions(packet.Packet, packet.Header))
        {
            if (extension.Id != stream.Plan.Extensions.Rid)
            {
                continue;
            }

            for (int i = 0; i < layers.Length; i++)
            {
                if (System.Text.Ascii.Equals(extension.Data, layers[i].Rid))
                {
                    return i;
                }
            }
        }

        return -1;
    }
}
