using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Media.Stun;

namespace RtpCluster.Unit.Media.Stun;

/// <summary>The test vectors of RFC 5769, and what a peer may send us.</summary>
public class StunTests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private const string RequestHex =
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
        + "000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";

    private const string ResponseV4Hex =
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";

    private const string ResponseV6Hex =
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

    [Fact]
    public void The_sample_request_is_authentic()
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(RequestHex), out var message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMessage.Binding, message.Method);
        Assert.True(message.HasFingerprint);
        Assert.True(message.IsAuthentic(Encoding.UTF8.GetBytes(Password)));
        Assert.Equal("evtj:h6vY", message.Username);
        Assert.True(message.TryGetNumber(StunAttribute.Priority, out uint priority));
        Assert.Equal(0x6e0001ffu, priority);
        Assert.True(message.TryGetTieBreaker(StunAttribute.IceControlled, out ulong tieBreaker));
        Assert.Equal(0x932ff9b151263b36ul, tieBreaker);
    }

    [Theory]
    [InlineData(ResponseV4Hex, "192.0.2.1:32853")]
    [InlineData(ResponseV6Hex, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void The_sample_responses_carry_the_mapped_address(string hex, string mapped)
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(hex), out var message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.HasFingerprint);
        Assert.True(message.IsAuthentic(Encoding.UTF8.GetBytes(Password)));
        Assert.True(message.TryGetMappedAddress(out var endpoint));
        Assert.Equal(mapped, endpoint.ToString());
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var buffer = new byte[512];
        byte[] id = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var writer = new StunWriter(buffer, StunClass.Error, id);
        writer.AddMappedAddress(NetEndpoint.Parse("[2001:db8::7]:4000"));
        writer.AddError(StunError.RoleConflict, "Role Conflict"u8);
        writer.AddIntegrity("key"u8);
        writer.AddFingerprint();

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Assert.Equal(StunClass.Error, message.Class);
        Assert.Equal(id, message.TransactionId.ToArray());
        Assert.Equal(StunError.RoleConflict, message.ErrorCode);
        Assert.True(message.TryGetMappedAddress(out var mapped));
        Assert.Equal("[2001:db8::7]:4000", mapped.ToString());
        Assert.True(message.HasFingerprint);
        Assert.True(message.IsAuthentic("key"u8));
        Assert.False(message.IsAuthentic("kay"u8));
    }

    [Fact]
    public void A_changed_byte_is_noticed_wherever_it_is()
    {
        byte[] original = Convert.FromHexString(RequestHex);
        for (int i = 0; i < original.Length; i++)
        {
            byte[] changed = [.. original];
            changed[i] ^= 0x10;
            bool accepted = StunMessage.TryParse(changed, out var message) && message.HasFingerprint
                && message.IsAuthentic(Encoding.UTF8.GetBytes(Password));
            Assert.False(accepted, $"byte {i}");
        }
    }

    [Fact]
    public void Attributes_behind_the_integrity_do_not_count()
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, new byte[12]);
        writer.AddIntegrity("key"u8);
        writer.Add(StunAttribute.UseCandidate, []);
        writer.AddFingerprint();

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Assert.True(message.IsAuthentic("key"u8));
        Assert.False(message.TryGet(StunAttribute.UseCandidate, out _));
    }

    [Fact]
    public void Truncated_messages_are_refused()
    {
        byte[] whole = Convert.FromHexString(RequestHex);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(StunMessage.TryParse(whole.AsSpan(0, length), out _));
        }
    }
}
