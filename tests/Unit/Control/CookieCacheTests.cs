using RtpCluster.Control;

namespace RtpCluster.Unit.Control;

public class CookieCacheTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_duplicate_of_a_running_request_waits_for_its_answer()
    {
        var cache = new CookieCache(_time);
        Assert.True(cache.TryBegin("1_2_3", out _));
        Assert.False(cache.TryBegin("1_2_3", out var twin));
        Assert.False(twin.IsCompleted);
        cache.Complete("1_2_3", [7]);
        Assert.Equal([7], await twin);
    }

    [Fact]
    public async Task A_finished_request_is_answered_from_memory_for_thirty_seconds_at_least()
    {
        var cache = new CookieCache(_time);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(cache.TryBegin("c", out _));
        cache.Complete("c", [1]);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(cache.TryBegin("c", out var reply));
        Assert.Equal([1], await reply);
    }

    [Fact]
    public void A_reply_is_forgotten_after_two_generations()
    {
        var cache = new CookieCache(_time);
        cache.TryBegin("c", out _);
        cache.Complete("c", [1]);
        _time.Advance(CookieCache.Generation);
        Assert.False(cache.TryBegin("c", out _));
        _time.Advance(CookieCache.Generation);
        Assert.True(cache.TryBegin("c", out _));
    }

    [Fact]
    public void A_quiet_minute_forgets_everything()
    {
        var cache = new CookieCache(_time);
        cache.TryBegin("c", out _);
        cache.Complete("c", [1]);
        _time.Advance(2 * CookieCache.Generation);
        Assert.True(cache.TryBegin("c", out _));
    }

    [Fact]
    public async Task A_failure_lets_the_retry_run_and_leaves_waiters_without_reply()
    {
        var cache = new CookieCache(_time);
        cache.TryBegin("c", out _);
        cache.TryBegin("c", out var twin);
        cache.Fail("c");
        Assert.Null(await twin);
        Assert.True(cache.TryBegin("c", out _));
    }

    [Fact]
    public void A_running_request_is_never_forgotten_however_long_it_takes()
    {
        var cache = new CookieCache(_time);
        cache.TryBegin("slow", out _);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(cache.TryBegin("slow", out _));
    }

    [Fact]
    public void Replies_beyond_the_byte_bound_end_the_generation_early()
    {
        var cache = new CookieCache(_time, maxBytes: 1_000);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(cache.TryBegin($"c{i}", out _));
            cache.Complete($"c{i}", new byte[900]);
        }

        Assert.True(cache.TryBegin("c0", out _));
        Assert.False(cache.TryBegin("c2", out _));
    }
}
