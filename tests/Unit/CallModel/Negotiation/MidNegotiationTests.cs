using RtpCluster.CallModel.Negotiation;

namespace RtpCluster.Unit.CallModel.Negotiation;

public class MidNegotiationTests
{
    [Fact]
    public void MissingMidsBecomeTheMediaIndex() => Assert.Equal(["1", "2"], MidNegotiation.Generate([null, null]));

    [Fact]
    public void GivenMidsStayAndAreAvoided() => Assert.Equal(["2", "3", "a"], MidNegotiation.Generate(["2", null, "a"]));

    [Fact]
    public void ALaterMidIsAvoidedToo() => Assert.Equal(["3", "2", "1"], MidNegotiation.Generate([null, "2", "1"]));

    [Fact]
    public void LabelsCountFromOne() => Assert.Equal(["1", "2", "3"], MidNegotiation.GenerateLabels(3));
}
