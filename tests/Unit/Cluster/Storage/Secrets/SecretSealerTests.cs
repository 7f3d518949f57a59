using System.Text;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Storage.Secrets;

public sealed class SecretSealerTests
{
    private const string State = """{"CallId":"c","Medias":[{"Port":40000,"Keys":{"Suite":7,"MasterKey":"a2V5","MasterSalt":"c2FsdA=="}}],"LocalPassword":"pw\u00e9","Rate":1.5,"On":true,"No":null}""";
    private readonly SecretSealer _sealer = new(new byte[32]);

    [Fact]
    public void Secrets_are_hidden_and_come_back()
    {
        string sealedState = Encoding.UTF8.GetString(_sealer.Seal("c", Encoding.UTF8.GetBytes(State)).Span);
        foreach (string secret in new[] { "a2V5", "c2FsdA==", "pw" })
        {
            Assert.DoesNotContain($"\"{secret}", sealedState);
        }

        Assert.Contains("\"Port\":40000", sealedState);
        string opened = Encoding.UTF8.GetString(_sealer.Open("c", Encoding.UTF8.GetBytes(sealedState)).Span);
        Assert.Equal(State.Replace("\\u00e9", "\u00e9"), opened);
    }

    [Fact]
    public void The_same_state_sealed_again_is_the_same_so_that_a_commit_can_be_repeated()
    {
        byte[] state = Encoding.UTF8.GetBytes(State);
        Assert.Equal(_sealer.Seal("c", state).ToArray(), _sealer.Seal("c", state).ToArray());
        Assert.NotEqual(_sealer.Seal("c", state).ToArray(), _sealer.Seal("d", state).ToArray());
    }

    [Fact]
    public void A_state_without_secrets_stays_as_it_is()
    {
        byte[] state = """{"CallId":"c","Rate":1.5}"""u8.ToArray();
        Assert.Equal(state, _sealer.Seal("c", state).ToArray());
        Assert.Equal(state, _sealer.Open("c", state).ToArray());
    }

    [Fact]
    public void A_secret_cannot_be_moved_to_another_call_or_opened_with_another_key()
    {
        var sealedState = _sealer.Seal("c", Encoding.UTF8.GetBytes(State));
        Assert.Throws<FormatException>(() => _sealer.Open("d", sealedState));
        byte[] other = new byte[32];
        other[0] = 1;
        Assert.Throws<FormatException>(() => new SecretSealer(other).Open("c", sealedState));
    }

    [Fact]
    public void What_is_no_JSON_is_hidden_whole()
    {
        byte[] bytes = [1, 2, 3];
        var hidden = _sealer.Seal("c", bytes);
        Assert.StartsWith("sealed:", Encoding.Latin1.GetString(hidden.Span));
        Assert.Equal(bytes, _sealer.Open("c", hidden).ToArray());
    }
}
