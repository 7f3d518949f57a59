using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// What goes from one remote to another. Of simulcast layers one at a time is forwarded, as one stream: SSRC, sequence numbers, timestamps and
/// picture numbers run on over changes, which happen at key frames. Lives on over plans.
/// </summary>
internal sealed class SfuFlow
{
    // What is sent after a restart must lie ahead of everything that may have been sent since the last checkpoint.
    private const long Ahead = 1 << 14;

    private const long Open = long.MaxValue;

    private SfuSource? _current;
    private LayerSelector _selector;
    private int _wanted = -1;
    private bool _started;
    private long _firstIndex;
    private long _endIndex = Open;
    private long _offset;
    private long _lastIndex;
    private uint _timeOffset;
    private uint _lastTime;
    private Instant _lastAt;
    private ushort _pictureOffset;
    private ushort _lastPicture;
    private byte _levelOffset;
    private byte _lastLevel;
    private uint _packets;
    private uint _octets;

    /// <summary>The layer that is to be forwarded, by position; -1: not chosen yet.</summary>
    public int Target { get; private set; } = -1;

    /// <summary>The best layer that the receiver may have; -1: any.</summary>
    public int Wanted
    {
        get => _wanted;
        set
        {
            Target = value == _wanted ? Target : -1;
            _wanted = value;
        }
    }

    /// <summary>The layer that is forwarded; -1: none.</summary>
    public int Layer => _current?.Layer ?? -1;

    /// <summary>Chooses the layer anew: once a second, and when the wish has changed.</summary>
    public void Choose(Instant now, SfuLeg from, SfuLeg? to)
    {
        if (from.IsSimulcast)
        {
            Target = _selector.Choose(now, from, Wanted, Layer, to);
        }
    }

    /// <summary>May this packet go on? Asks for a key frame where one is needed.</summary>
    public bool Admits(ref PacketContext packet, SfuLeg from)
    {
        if (packet.Origin is not { } source)
        {
            return !from.IsSimulcast;
        }

        if (!from.IsSimulcast)
        {
            if (!_started && !packet.Video.BeginsKeyFrame)
            {
                source.KeyFrame.Want();
            }

            _started = true;
            return true;
        }

        if (Target < 0 || ((source != _current || _endIndex != Open) && from.OfLayer(Target)?.IsActive(packet.Now) != true))
        {
            Choose(packet.Now, from, null);
        }

        bool goesOn = source == _current && packet.ExtendedSequence >= _firstIndex && packet.ExtendedSequence < _endIndex;
        if (source == _current && source.Layer == Target && _endIndex == Open)
        {
            return goesOn;
        }

        if (source.Layer == Target || (_current is null && source.Layer >= 0))
        {
            if (packet.Video.BeginsKeyFrame)
            {
                return true;
            }

            if (source.Layer == Target)
            {
                source.KeyFrame.Want();
            }
        }
        else if (goesOn && packet.Video.BeginsKeyFrame && from.OfLayer(Target)?.KeyFrame.IsPending == true)
        {
            // Senders make key frames of all layers when one is asked for, the largest first. The receiver needs one of them only, and it is about to come.
            _endIndex = packet.ExtendedSequence;
            return false;
        }

        return goesOn;
    }

    /// <summary>Gives a copy the receiver's SSRC and running numbers. Returns its index: the sequence number with its rollovers.</summary>
    /// <param name="packet">What it is a copy of.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="payload">Where its payload begins.</param>
    /// <param name="ssrc">The receiver's SSRC; 0: nothing changes.</param>
    /// <param name="side">The receiver's keys.</param>
    public long Rewrite(ref PacketContext packet, Span<byte> copy, int payload, uint ssrc, SrtpSide? side)
    {
        if (ssrc == 0)
        {
            return packet.ExtendedSequence;
        }

        if (packet.Origin != _current || packet.ExtendedSequence >= _endIndex)
        {
            Switch(ref packet, ssrc, side);
        }

        long index = packet.ExtendedSequence + _offset;
        uint time = packet.Header.Timestamp + _timeOffset;
        RtpWriter.SetSsrc(copy, ssrc);
        RtpWriter.SetSequence(copy, (ushort)index);
        RtpWriter.SetTimestamp(copy, time);
        bool newest = index > _lastIndex;
        RewritePicture(ref packet, copy[payload..], newest);
        if (newest)
        {
            _lastIndex = index;
            _lastTime = time;
            _lastAt = packet.Now;
        }

        return index;
    }

    /// <summary>Counts a copy that was sent.</summary>
    public void Count(int octets)
    {
        _packets++;
        _octets += (uint)octets;
    }

    /// <summary>The sender report of a source as the receiver must see it; false: it gets nothing of that source.</summary>
    public bool TryTranslate(SfuSource source, in SenderReport report, uint ssrc, out SenderReport translated)
    {
        translated = report with { PacketCount = _packets, OctetCount = _octets };
        if (ssrc == 0)
        {
            return _packets > 0;
        }

        translated = translated with { Ssrc = ssrc, RtpTimestamp = report.RtpTimestamp + _timeOffset };
        return source == _current;
    }

    /// <summary>Is this the source that the receiver gets under its SSRC?</summary>
    public bool IsCurrent(SfuSource source) => source == _current;

    /// <summary>Wants a key frame of what the receiver gets, or is to get.</summary>
    /// <param name="from">Who sends it.</param>
    /// <param name="media">The SSRC that the receiver named.</param>
    public void WantKeyFrame(SfuLeg from, uint media)
    {
        (!from.IsSimulcast ? from.Find(media) : _endIndex == Open ? _current ?? from.OfLayer(Target) : from.OfLayer(Target))?.KeyFrame.Want();
    }

    private void Switch(ref PacketContext packet, uint ssrc, SrtpSide? side)
    {
        bool first = _current is null;
        _current = packet.Origin;
        _firstIndex = packet.ExtendedSequence;
        _endIndex = Open;
        long next = _lastIndex + 1;
        uint time = packet.Header.Timestamp;
        if (first)
        {
            long sent = side is not null && side.TryFind(ssrc, out int at) ? (long)side[at].State.RtpIndex : 0;
            next = sent > 0 ? sent + Ahead : (ushort)packet.ExtendedSequence;
            _lastIndex = next - 1;
        }
        else
        {
            // Layers have clocks of their own: their difference is not known, the time that passed is.
            int clock = packet.Stream.Types[packet.Header.PayloadType].ClockRate;
            time = _lastTime + (uint)Math.Max(1, (packet.Now - _lastAt) * clock / 1_000_000);
        }

        _offset = next - packet.ExtendedSequence;
        _timeOffset = time - packet.Header.Timestamp;
        var payload = packet.Packet[packet.Header.PayloadOffset..];
        var video = packet.Video;
        _pictureOffset = first || video.PictureOffset == 0 ? (ushort)0 : (ushort)(_lastPicture + 1 - video.PictureId(payload));
        _levelOffset = first || video.LevelOffset == 0 ? (byte)0 : (byte)(_lastLevel + 1 - payload[video.LevelOffset]);
    }

    private void RewritePicture(ref PacketContext packet, Span<byte> payload, bool newest)
    {
        var video = packet.Video;
        if (video.PictureOffset > 0)
        {
            ushort picture = (ushort)((video.PictureId(payload) + _pictureOffset) & 0x7fff);
            video.SetPictureId(payload, picture);
            _lastPicture = newest ? picture : _lastPicture;
        }

        if (video.LevelOffset > 0)
        {
            payload[video.LevelOffset] += _levelOffset;
            _lastLevel = newest ? payload[video.LevelOffset] : _lastLevel;
        }
    }
}
