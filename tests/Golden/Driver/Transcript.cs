using System.Globalization;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Golden;

/// <summary>
/// One case file being played. Steps: <c>&gt;</c> and the request's lines, answered by <c>&lt;</c> and the reply's, then <c>=</c> and the plan when
/// one was pushed. <c>! advance 5</c>, <c>! restart</c>, <c>! ports 0</c>, <c>! learned 3 192.0.2.1:4000</c>, <c>! idle Timeout</c>, <c>! option name value</c>
/// (first) drive the rest. Lines with # and empty lines stay as they are.
/// </summary>
public sealed class Transcript(IReadOnlyList<string> script)
{
    private readonly List<string> _output = [];
    private CallConfig _config = new()
    {
        Interfaces =
        [
            new LocalInterface("default", IpAddress.Parse("203.0.113.1"), IpAddress.Parse("203.0.113.1")),
            new LocalInterface("default", IpAddress.Parse("2001:db8:4321::1"), IpAddress.Parse("2001:db8:4321::1")),
            new LocalInterface("inside", IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.1")),
            new LocalInterface("outside", IpAddress.Parse("10.9.9.9"), IpAddress.Parse("198.18.0.9")),
        ],
        InterfaceAliases = new Dictionary<string, string> { ["lan"] = "inside" },
    };

    private CallDriver? _driver;

    private CallDriver Driver => _driver ??= new CallDriver(_config, "golden");

    /// <summary>Plays the case and returns what the file should say.</summary>
    public List<string> Play()
    {
        for (int i = 0; i < script.Count; i++)
        {
            string line = script[i];
            if (line.StartsWith('>'))
            {
                _output.Add(line);
                i = Request(i + 1);
            }
            else if (line.StartsWith('!'))
            {
                _output.Add(line);
                Directive(line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            else if (line.Length == 0 || line.StartsWith('#'))
            {
                _output.Add(line);
            }
        }

        return _output;
    }

    private int Request(int from)
    {
        int to = from;
        while (to < script.Count && script[to].Length > 0 && script[to][0] is not ('<' or '=' or '>' or '!' or '#'))
        {
            _output.Add(script[to++]);
        }

        var message = TranscriptMessage.Parse([.. script.Skip(from).Take(to - from)]);
        if (message["call-id"] is null)
        {
            message.Add("call-id", "golden");
        }

        if (!NgCommandParser.TryParse(message, NgTemplates.Empty, out var command, out string error))
        {
            _output.Add($"< {error}");
            return to - 1;
        }

        var reply = Driver.Run(command);
        _output.Add("<");
        TranscriptMessage.Print(reply, "", _output);
        Effects();
        return to - 1;
    }

    private void Effects()
    {
        foreach (var effect in Driver.Effects)
        {
            switch (effect)
            {
                case PushPlan push:
                    _output.Add("=");
                    PlanText.Print(push.Plan, _output);
                    break;
                case CallEnded ended:
                    _output.Add($"= ended {ended.Reason}");
                    break;
                case ReleasePorts release:
                    _output.Add($"= release {string.Join(' ', release.Ports)}");
                    break;
                default:
                    break;
            }
        }
    }

    private void Directive(string[] words)
    {
        switch (words[0])
        {
            case "option":
                _config = Option(_config, words[1], words[2]);
                return;
            case "advance":
                Driver.Advance(double.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            case "restart":
                Driver.Restart();
                break;
            case "ports":
                Driver.FreePorts = int.Parse(words[1], CultureInfo.InvariantCulture);
                break;
            case "learned":
                Driver.Report(new EndpointLearned(
                    new CallId("golden"), new StreamId(int.Parse(words[1], CultureInfo.InvariantCulture)), NetEndpoint.Parse(words[2])));
                break;
            case "idle":
                Driver.Report(new CallIdle(new CallId("golden"), Driver.Plan!.Epoch, Enum.Parse<IdleReason>(words[1])));
                break;
            default:
                throw new FormatException($"unknown directive {words[0]}");
        }

        Effects();
    }

    private static CallConfig Option(CallConfig config, string name, string value) => name switch
    {
        "delete-delay" => config with { DeleteDelay = int.Parse(value, CultureInfo.InvariantCulture) },
        "final-timeout" => config with { FinalTimeout = int.Parse(value, CultureInfo.InvariantCulture) },
        "tos" => config with { Tos = byte.Parse(value, CultureInfo.InvariantCulture) },
        "sip-source" => config with { SipSource = value == "yes" },
        "reject-invalid-sdp" => config with { RejectInvalidSdp = value == "yes" },
        "endpoint-learning" => config with { EndpointLearning = Enum.Parse<LearningMode>(value, ignoreCase: true) },
        _ => throw new FormatException($"unknown option {name}"),
    };
}
