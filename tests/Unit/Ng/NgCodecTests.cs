using RtpCluster.Ng;

namespace RtpCluster.Unit.Ng;

public class NgCodecTests
{
    [Theory]
    [InlineData("", "Invalid data (no payload)")]
    [InlineData("x", "Invalid NG data format")]
    [InlineData("l4:pinge", "Invalid NG data format")]
    [InlineData("d", "Could not decode bencode dictionary")]
    [InlineData("d7:command", "Could not decode bencode dictionary")]
    [InlineData("di1e4:pinge", "Could not decode bencode dictionary")]
    [InlineData("d7:command4:ping", "Could not decode bencode dictionary")]
    [InlineData("d1:ai1-e", "Could not decode bencode dictionary")]
    [InlineData("d1:ai99999999999999999999ee", "Could not decode bencode dictionary")]
    [InlineData("d999999999:ae", "Could not decode bencode dictionary")]
    [InlineData("d-1:ae", "Could not decode bencode dictionary")]
    [InlineData("{", "Failed to parse JSON document")]
    [InlineData("{\"command\":\"ping\"", "Failed to parse JSON document")]
    [InlineData("{\"command\":\"ping\"} x", "Failed to parse JSON document")]
    [InlineData("{\"a\":\"\\ud800\"}", "Failed to parse JSON document")]
    [InlineData("{\"a\":\"\xff\"}", "Failed to parse JSON document")]
    public void A_payload_that_is_no_message_gets_its_exact_reason(string payload, string reason)
    {
        Assert.False(NgCodec.TryDecode(NgCodec.ToBytes(payload), out _, out _, out string error));
        Assert.Equal(reason, error);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_in_both_formats()
    {
        string lists = new('l', 100_000);
        Assert.False(NgCodec.TryDecode(NgCodec.ToBytes("d1:a" + lists), out _, out _, out string error));
        Assert.Equal(NgErrors.BadBencode, error);
        Assert.False(NgCodec.TryDecode(NgCodec.ToBytes("{\"a\":" + lists.Replace('l', '[')), out _, out _, out error));
        Assert.Equal(NgErrors.BadJson, error);
    }

    [Fact]
    public void More_values_than_the_limit_are_refused_in_both_formats()
    {
        string many = string.Concat(Enumerable.Repeat("le", NgCodec.MaxValues + 1));
        Assert.False(NgCodec.TryDecode(NgCodec.ToBytes($"d1:al{many}ee"), out _, out _, out _));
        many = string.Join(',', Enumerable.Repeat("1", NgCodec.MaxValues + 1));
        Assert.False(NgCodec.TryDecode(NgCodec.ToBytes($"{{\"a\":[{many}]}}"), out _, out _, out _));
    }

    [Theory]
    [InlineData("d1:ai-5e1:bl1:x1:ye1:cd1:zi0ee1:a3:\u00ff\0\u0080e")]
    [InlineData("de")]
    [InlineData("d0:0:e")]
    public void Bencode_keeps_bytes_order_and_repeated_keys(string payload)
    {
        var bytes = NgCodec.ToBytes(payload);
        Assert.True(NgCodec.TryDecode(bytes, out var dictionary, out var format, out _));
        Assert.Equal(NgFormat.Bencode, format);
        Assert.Equal(bytes, NgCodec.Encode(dictionary, format));
    }

    [Fact]
    public void Bytes_after_a_bencode_dictionary_do_no_harm()
    {
        Assert.True(NgCodec.TryDecode("d7:command4:pinge\n"u8, out var dictionary, out _, out _));
        Assert.Equal("ping", ((NgString)dictionary["command"]!).Text);
    }

    [Theory]
    [InlineData("{\"a\":\"x\",\"b\":[1,-2],\"c\":{\"d\":\"\"}}", "{\"a\":\"x\",\"b\":[1,-2],\"c\":{\"d\":\"\"}}")]
    [InlineData("{ \"a\" : true, \"b\" : false, \"c\" : null, \"d\":[null] }", "{\"a\":1,\"b\":0,\"d\":[]}")]
    [InlineData("{\"a\":1.5,\"b\":99999999999999999999}", "{\"a\":\"1.5\",\"b\":\"99999999999999999999\"}")]
    [InlineData("{\"a\":\"x\\r\\ny\\u0041\\\"\"}", "{\"a\":\"x\\r\\nyA\\\"\"}")]
    [InlineData("{\"a\":\"v=0\r\n\to=-\"}", "{\"a\":\"v=0\\r\\n\\to=-\"}")]
    [InlineData("{\"a\n\":\n\"\\\"\n\"}", "{\"a\\n\":\"\\\"\\n\"}")]
    public void Json_is_read_kindly_and_written_strictly(string payload, string expected)
    {
        Assert.True(NgCodec.TryDecode(NgCodec.ToBytes(payload), out var dictionary, out var format, out string error), error);
        Assert.Equal(expected, NgCodec.FromBytes(NgCodec.Encode(dictionary, format)));
    }

    [Fact]
    public void Json_text_becomes_its_utf8_bytes_and_comes_back_as_text()
    {
        var payload = System.Text.Encoding.UTF8.GetBytes("{\"Ü\":\"☎ \U0001F4DE\"}");
        const string escaped = "{\"Ü\":\"☎ \\uD83D\\uDCDE\"}";
        Assert.True(NgCodec.TryDecode(payload, out var dictionary, out _, out _));
        var (key, value) = Assert.Single(dictionary.Entries);
        Assert.Equal("\xc3\x9c", key);
        Assert.Equal("\xe2\x98\x8e \xf0\x9f\x93\x9e", ((NgString)value).Text);
        Assert.Equal(escaped, System.Text.Encoding.UTF8.GetString(NgCodec.Encode(dictionary, NgFormat.Json)));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_written_to_json_as_latin1()
    {
        var dictionary = new NgDictionary().Add("k\xff", "caf\xe9");
        Assert.Equal("{\"kÿ\":\"café\"}", System.Text.Encoding.UTF8.GetString(NgCodec.Encode(dictionary, NgFormat.Json)));
    }
}
