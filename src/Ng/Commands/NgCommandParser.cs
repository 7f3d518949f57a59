using RtpCluster.Ng.Flags;

namespace RtpCluster.Ng;

/// <summary>Turns a decoded dictionary into a typed command: templates first, then the request's keys in wire order. Pure; no input makes it throw.</summary>
public static class NgCommandParser
{
    /// <summary>
    /// Builds the command. False only when the dictionary names no known verb; <paramref name="error"/> is then the reason to answer with.
    /// Unknown keys and words never fail a request: they end up in <see cref="NgCommand.UnknownWords"/>.
    /// </summary>
    public static bool TryParse(NgDictionary dictionary, NgTemplates templates, out NgCommand command, out string error)
    {
        command = new NgCommand { Source = dictionary };
        error = string.Empty;
        if (FindVerb(dictionary) is not { } verb)
        {
            error = NgErrors.NoCommand;
            return false;
        }

        command.Verb = NgVerbs.Find(verb);
        if (command.Verb == NgVerb.Unknown)
        {
            error = NgErrors.UnrecognizedCommand;
            return false;
        }

        var context = new FlagContext(command, templates);
        FlagApplier.Template(context, "default");
        FlagApplier.Template(context, NgVerbs.Of(command.Verb).Name);
        foreach (var (key, value) in dictionary.Entries)
        {
            FlagApplier.Key(context, key, value);
        }

        // A to-tag that only came from the SIP header is no wish to name the subscriber.
        if (command.Verb == NgVerb.SubscribeRequest && context.HasFlagString && !command.HonourToTag)
        {
            command.ToTag = null;
        }

        return true;
    }

    private static string? FindVerb(NgDictionary dictionary)
    {
        foreach (var (key, value) in dictionary.Entries)
        {
            if (value is NgString text && WordForm.Normalise(key) == "command")
            {
                return text.Text;
            }
        }

        return null;
    }
}
