using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RtpCluster.Control.Http;

/// <summary><c>GET /demo</c>: one page in which browser tabs meet in a room. It is a file inside this assembly and uses nothing from elsewhere.</summary>
internal static class DemoPage
{
    private static readonly byte[] Page = Load();

    /// <summary>Only the script and the style that the page came with may run, and it may talk to nobody but this node.</summary>
    private static readonly string Policy =
        $"default-src 'none'; script-src {Hash("script")}; style-src {Hash("style")}; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sends it.</summary>
    public static Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = Page.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return response.Body.WriteAsync(Page, context.RequestAborted).AsTask();
    }

    private static byte[] Load()
    {
        using var file = typeof(DemoPage).Assembly.GetManifestResourceStream("demo.html")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Hash(string element)
    {
        string page = Encoding.UTF8.GetString(Page);
        string opening = $"<{element}>";
        int from = page.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        int to = page.IndexOf($"</{element}>", from, StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[from..to])))}'";
    }
}
