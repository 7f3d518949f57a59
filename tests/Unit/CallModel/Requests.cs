using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel;

/// <summary>Commands and parts that the tests of the call machine share.</summary>
internal static class Requests
{
    public static readonly CallConfig Config = new()
    {
        Interfaces = [new LocalInterface("default", IpAddress.Parse("203.0.113.1"), IpAddress.Parse("203.0.113.1"))],
    };

    public static CallDriver Driver(CallConfig? config = null) => new(config ?? Config, "call");

    public static NgCommand Offer(string? toTag = null, int port = 2000, string extra = "") => new()
    {
        Verb = NgVerb.Offer,
        CallId = "call",
        FromTag = "A",
        ToTag = toTag,
        Sdp = Sdp("198.51.100.1", port, extra),
    };

    public static NgCommand Answer(string extra = "") => new()
    {
        Verb = NgVerb.Answer,
        CallId = "call",
        FromTag = "A",
        ToTag = "B",
        Sdp = Sdp("198.51.100.2", 4000, extra),
    };

    public static NgCommand Delete(int? delay = null) =>
        new() { Verb = NgVerb.Delete, CallId = "call", FromTag = "A", DeleteDelay = delay };

    public static CallDriver AnsweredCall(CallConfig? config = null)
    {
        var driver = Driver(config);
        driver.Run(Offer());
        driver.Run(Answer());
        return driver;
    }

    public static string Text(this NgDictionary reply, string key) => ((NgString)reply[key]!).Text;

    private static string Sdp(string address, int port, string extra) =>
        $"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 8\r\n{extra}";
}
