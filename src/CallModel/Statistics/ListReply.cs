using RtpCluster.Ng;

namespace RtpCluster.CallModel.Statistics;

/// <summary>The reply of the <c>list</c> command.</summary>
public static class ListReply
{
    /// <summary>Calls named when the request has no <c>limit</c>.</summary>
    public const int DefaultLimit = 32;

    /// <summary>Formats the first call-ids.</summary>
    /// <param name="callIds">Every call of the node.</param>
    /// <param name="limit">The request's <c>limit</c>; null: <see cref="DefaultLimit"/>; negative: an error.</param>
    public static NgDictionary Format(IEnumerable<string> callIds, long? limit)
    {
        long count = limit ?? DefaultLimit;
        if (count < 0)
        {
            return NgReplies.Error("invalid limit, must be >= 0");
        }

        var list = new NgList();
        using var source = callIds.GetEnumerator();
        while (list.Items.Count < count && source.MoveNext())
        {
            list.Items.Add(source.Current);
        }

        return new NgDictionary().Add("calls", list).Add("result", "ok");
    }
}
