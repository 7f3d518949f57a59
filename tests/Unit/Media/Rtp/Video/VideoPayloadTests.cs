using RtpCluster.Media.Rtp.Video;

namespace RtpCluster.Unit.Media.Rtp.Video;

/// <summary>Where key frames begin: RFC 7741, RFC 9628, RFC 6184.</summary>
public sealed class VideoPayloadTests
{
    [Theory]
    [InlineData(VideoCodec.Vp8, "1000", true)] // no extension, key frame
    [InlineData(VideoCodec.Vp8, "1001", false)] // predicted
    [InlineData(VideoCodec.Vp8, "0000", false)] // goes on
    [InlineData(VideoCodec.Vp8, "1100", false)] // second partition
    [InlineData(VideoCodec.Vp8, "90C0800105FF00", false)] // ends inside the frame's header
    [InlineData(VideoCodec.Vp8, "90C080010500", true)]
    [InlineData(VideoCodec.Vp8, "9080050000", true)]
    [InlineData(VideoCodec.Vp8, "90F08001050000", true)]
    [InlineData(VideoCodec.Vp8, "90", false)]
    [InlineData(VideoCodec.Vp9, "88800100", true)]
    [InlineData(VideoCodec.Vp9, "C8800100", false)]
    [InlineData(VideoCodec.Vp9, "80800100", false)]
    [InlineData(VideoCodec.Vp9, "A880010007AA", true)]
    [InlineData(VideoCodec.Vp9, "A880010207AA", false)] // a higher spatial layer
    [InlineData(VideoCodec.H264, "6742", true)]
    [InlineData(VideoCodec.H264, "6588", true)]
    [InlineData(VideoCodec.H264, "419A", false)]
    [InlineData(VideoCodec.H264, "7800046742", true)]
    [InlineData(VideoCodec.H264, "78000441", false)]
    [InlineData(VideoCodec.H264, "7C85AA", true)]
    [InlineData(VideoCodec.H264, "7C05AA", false)] // middle of an IDR picture
    [InlineData(VideoCodec.None, "1000", false)]
    public void A_key_frame_is_told_by_its_first_packet(VideoCodec codec, string payload, bool begins) =>
        Assert.Equal(begins, VideoPayload.Read(codec, Convert.FromHexString(payload)).BeginsKeyFrame);

    [Theory]
    [InlineData(VideoCodec.Vp8, "90C0FFFE0500", 0x7ffe, 0x0001, "90C080010500")]
    [InlineData(VideoCodec.Vp8, "9080050000", 5, 0x0086, "9080060000")]
    [InlineData(VideoCodec.Vp9, "88812300", 0x123, 0x7fff, "88FFFF00")]
    public void Picture_ids_are_read_and_written(VideoCodec codec, string payload, int id, int next, string rewritten)
    {
        byte[] bytes = Convert.FromHexString(payload);
        var video = VideoPayload.Read(codec, bytes);

        Assert.Equal(id, video.PictureId(bytes));
        video.SetPictureId(bytes, (ushort)next);
        Assert.Equal(rewritten, Convert.ToHexString(bytes));
    }
}
