using System.Text;
using RtpCluster.CallModel;
using RtpCluster.CallModel.Snapshots;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.CallModel.Snapshots;

public sealed class CallSnapshotTests
{
    [Fact]
    public void Defaults_are_left_out_and_come_back()
    {
        var state = Requests.AnsweredCall().Machine.State!.Clone();

        string json = Encoding.UTF8.GetString(CallSnapshot.Write(state));
        var read = CallSnapshot.Read(CallSnapshot.Write(state));

        Assert.DoesNotContain("false", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Aliases", json, StringComparison.Ordinal);
        Assert.Equal(json, Encoding.UTF8.GetString(CallSnapshot.Write(read)));
        Assert.Empty(read.Monologues[0].Aliases);
        Assert.Empty(read.Monologues[0].Medias[0].Codecs[0].FormatParameters);
        Assert.Equal(state.Monologues[0].Medias[0].Codecs, read.Monologues[0].Medias[0].Codecs, (a, b) => a.PayloadType == b.PayloadType && a.Channels == b.Channels);
    }

    [Fact]
    public void A_media_without_any_switch_stays_so()
    {
        var state = Requests.AnsweredCall().Machine.State!.Clone();
        state.Monologues[0].Medias[0].Flags = MediaFlags.None;
        state.Tos = 0;
        state.EndpointLearning = LearningMode.Delayed;

        var read = CallSnapshot.Read(CallSnapshot.Write(state));

        Assert.Equal(MediaFlags.None, read.Monologues[0].Medias[0].Flags);
        Assert.Equal((byte)0, read.Tos);
        Assert.Equal(LearningMode.Delayed, read.EndpointLearning);
    }

    [Fact]
    public void Payload_type_zero_is_told()
    {
        var state = Requests.AnsweredCall().Machine.State!;

        var read = CallSnapshot.Read(CallSnapshot.Write(state));

        Assert.Contains(read.Medias(), m => m.Codecs.Exists(c => c.PayloadType == 0));
    }
}
