using RtpCluster.Contracts;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class ExtensionStripTests
{
    private const string Header = "90000001000000A011223344";
    private const string Bare = "80000001000000A011223344";

    [Theory]
    // One-byte elements: 1 (2 bytes), 2 (1 byte), padding.
    [InlineData("BEDE0002" + "11AABB20CC000000", "1", Header + "BEDE0001" + "20CC0000")]
    [InlineData("BEDE0002" + "11AABB20CC000000", "2", Header + "BEDE0001" + "11AABB00")]
    [InlineData("BEDE0002" + "11AABB20CC000000", "1,2", Bare)]
    [InlineData("BEDE0002" + "11AABB20CC000000", "3", Header + "BEDE0002" + "11AABB20CC000000")]
    // Two-byte elements: 1 (2 bytes), 5 (empty).
    [InlineData("10000002" + "0102AABB05000000", "5", Header + "10000001" + "0102AABB")]
    [InlineData("10000002" + "0102AABB05000000", "1", Header + "10000001" + "05000000")]
    // Not RFC 8285: there are no ids to go by.
    [InlineData("ABCD0001" + "11AABB00", "1", Header + "ABCD0001" + "11AABB00")]
    // Damaged: an element longer than the extension is left out.
    [InlineData("BEDE0001" + "1FAABB00", "2", Bare)]
    public void ElementsAreRemovedById(string extension, string ids, string expected)
    {
        byte[] strip = [.. ids.Split(',').Select(byte.Parse)];
        Assert.Equal(expected + "0102030405", Run(extension, o => o with { StripExtensions = strip }));
    }

    [Theory]
    [InlineData("BEDE0002" + "11AABB20CC000000")]
    [InlineData("ABCD0000")]
    public void AllExtensionsCanBeRemoved(string extension) =>
        Assert.Equal(Bare + "0102030405", Run(extension, o => o with { Flags = OutputFlags.StripAllExtensions }));

    private static string Run(string extension, Func<OutputPlan, OutputPlan> change)
    {
        var f = new EngineFixture();
        var a = Stream(1, LocalA, RemoteA, 2);
        f.Apply(a with { RtpOutputs = [change(a.RtpOutputs[0])] }, Stream(2, LocalB, RemoteB, 1));
        var packet = Convert.FromHexString(Header + extension + "0102030405");
        return Convert.ToHexString(Assert.Single(f.Receive(LocalA, RemoteA, packet)).Bytes);
    }
}
