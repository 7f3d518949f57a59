using Microsoft.Playwright;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser.Parts;

/// <summary>A headless Chromium inside a namespace. Each page is a browser tab with the functions of browser.js.</summary>
internal sealed class BrowserHost : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private BrowserHost(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Starts it.</summary>
    /// <param name="where">Its network.</param>
    /// <param name="folder">A scratch folder.</param>
    /// <param name="hideAddresses">Its SDP shows .local names instead of its addresses, as for a page without camera rights.</param>
    /// <param name="arguments">More of its switches.</param>
    public static async Task<BrowserHost> StartAsync(NetworkNamespace where, string folder, bool hideAddresses = false, params string[] arguments)
    {
        string wrapper = Path.Combine(folder, "chromium-in-" + where.Name);
        await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nexec ip netns exec {where.Name} /usr/bin/chromium \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var playwright = await Playwright.CreateAsync();
        arguments = [.. arguments, "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-gpu", "--disable-dev-shm-usage"];
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = wrapper,
            Headless = true,
            Args = hideAddresses ? arguments : [.. arguments, "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
        return new BrowserHost(playwright, browser);
    }

    /// <summary>Opens a tab.</summary>
    public async Task<BrowserPage> OpenAsync()
    {
        var page = await _browser.NewPageAsync();
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Path = Path.Combine(AppContext.BaseDirectory, "Parts", "browser.js") });
        return new BrowserPage(page);
    }

    /// <summary>Opens a web page in a tab.</summary>
    public async Task<WebPage> BrowseAsync(string address)
    {
        var page = new WebPage(await _browser.NewPageAsync());
        await page.OpenAsync(address);
        return page;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
