using System.Buffers;
using Google.Protobuf;
using RtpCluster.Cluster.Wire;
using RtpCluster.Cluster.Wire.Streams;

namespace RtpCluster.Unit.Cluster.Wire.Streams;

/// <summary>Frames of a stream between nodes.</summary>
public sealed class PeerFrameTests
{
    [Fact]
    public void Frames_come_out_as_they_went_in_wherever_the_bytes_are_cut()
    {
        byte[] bytes = Two();
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var sequence = Split(bytes, cut);
            Assert.Equal(FrameOutcome.Frame, PeerFrame.TryRead(ref sequence, out var first));
            Assert.Equal((7u, (byte)1, "a"), (first.Id, first.Code, CommandRequest.Parser.ParseFrom(first.Body).Cookie));
            Assert.Equal(FrameOutcome.Frame, PeerFrame.TryRead(ref sequence, out var second));
            Assert.Equal((uint.MaxValue, PeerFrame.Refused, 0L), (second.Id, second.Code, second.Body.Length));
            Assert.Equal(FrameOutcome.More, PeerFrame.TryRead(ref sequence, out _));
            Assert.True(sequence.IsEmpty);
        }
    }

    [Fact]
    public void A_part_of_a_frame_waits_for_the_rest()
    {
        byte[] bytes = One();
        for (int length = 0; length < bytes.Length; length++)
        {
            var sequence = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(FrameOutcome.More, PeerFrame.TryRead(ref sequence, out _));
            Assert.Equal(length, sequence.Length);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1, 1, 1, 1, 1, 1, 1 })]
    public void A_length_that_no_frame_has_is_damage_as_soon_as_it_is_there(byte[] bytes)
    {
        var sequence = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameOutcome.Damaged, PeerFrame.TryRead(ref sequence, out _));
    }

    [Fact]
    public void Random_bytes_are_read_without_an_error()
    {
        var random = new Random(7);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = bytes[1] = bytes[2] = 0;
            var sequence = Split(bytes, random.Next(bytes.Length));
            while (PeerFrame.TryRead(ref sequence, out var frame) == FrameOutcome.Frame)
            {
                Assert.InRange(frame.Body.Length, 0, bytes.Length);
            }
        }
    }

    [Fact]
    public void A_message_that_is_too_long_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        var message = new CommandRequest { Body = UnsafeByteOperations.UnsafeWrap(new byte[PeerFrame.MaxBytes]) };
        Assert.False(PeerFrame.TryWrite(output, 1, 1, message));
        Assert.Equal(0, output.WrittenCount);
    }

    private static byte[] One()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(PeerFrame.TryWrite(output, 7, PeerRows.Command, new CommandRequest { Cookie = "a", Shard = 3 }));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Two()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(One());
        Assert.True(PeerFrame.TryWrite(output, uint.MaxValue, PeerFrame.Refused, null));
        return output.WrittenSpan.ToArray();
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Part(bytes.AsMemory(0, at), 0, null);
        var last = new Part(bytes.AsMemory(at), at, first);
        return new(first, 0, last, bytes.Length - at);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, long index, Part? before)
        {
            Memory = memory;
            RunningIndex = index;
            before?.Next = this;
        }
    }
}
