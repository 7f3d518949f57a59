using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace RtpCluster.Browser.Parts;

/// <summary>A tab that shows a web page.</summary>
internal sealed class WebPage(IPage page)
{
    private readonly ConcurrentQueue<string> _console = new();

    /// <summary>Loads it.</summary>
    public async Task OpenAsync(string address)
    {
        page.Console += (_, message) => _console.Enqueue(message.Text);
        page.PageError += (_, error) => _console.Enqueue(error);
        var response = await page.GotoAsync(address);
        Assert.Equal(200, response?.Status);
    }

    /// <summary>Waits until an element's text matches, and returns it.</summary>
    /// <exception cref="TimeoutException">It never did; the message says what it is.</exception>
    public async Task<string> TextAsync(string selector, string pattern, int seconds = 30)
    {
        var element = page.Locator(selector);
        try
        {
            await Assertions.Expect(element).ToHaveTextAsync(new Regex(pattern), new LocatorAssertionsToHaveTextOptions { Timeout = seconds * 1000, UseInnerText = false });
            return await element.TextContentAsync() ?? "";
        }
        catch (PlaywrightException e)
        {
            throw new TimeoutException($"{selector} never matched {pattern}: {await page.Locator("body").InnerTextAsync()}\n{string.Join('\n', _console)}", e);
        }
    }

    /// <summary>Goes away, as a reader who closes the tab.</summary>
    public Task LeaveAsync() => page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });

    /// <summary>Dies, without a word to anybody.</summary>
    public async Task CrashAsync()
    {
        var dead = new TaskCompletionSource();
        page.Crash += (_, _) => dead.TrySetResult();
        _ = page.GotoAsync("chrome://crash").ContinueWith(t => t.Exception, TaskScheduler.Default);
        await dead.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
