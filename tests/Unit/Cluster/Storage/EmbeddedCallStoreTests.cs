using System.Text;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Cluster.Storage;

public sealed class EmbeddedCallStoreTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string directory = Directory.CreateTempSubdirectory("rtpcluster-store-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_saved_call_is_loaded_again()
    {
        using var store = new EmbeddedCallStore(new());
        await store.SaveAsync(Call("a", 1, "one"), Never);
        Assert.Equal("one", Text(await store.LoadAsync(new("a"), Never)));
        Assert.Null(await store.LoadAsync(new("b"), Never));
    }

    [Fact]
    public async Task An_older_version_is_refused_and_the_same_one_changes_nothing()
    {
        using var store = new EmbeddedCallStore(new());
        await store.SaveAsync(Call("a", 2, "two"), Never);
        await store.SaveAsync(Call("a", 2, "again"), Never);
        await Assert.ThrowsAsync<StaleCallException>(async () => await store.SaveAsync(Call("a", 1, "one"), Never));
        Assert.Equal("two", Text(await store.LoadAsync(new("a"), Never)));
    }

    [Fact]
    public async Task A_call_id_may_start_again_after_its_deletion()
    {
        using var store = new EmbeddedCallStore(new());
        await store.SaveAsync(Call("a", 9, "old"), Never);
        await store.DeleteAsync(new("a"), Never);
        await store.SaveAsync(Call("a", 1, "new"), Never);
        Assert.Equal("new", Text(await store.LoadAsync(new("a"), Never)));
    }

    [Fact]
    public async Task Calls_survive_the_death_of_the_process()
    {
        // Never disposed before the second one opens: SIGKILL does not dispose either.
        using var dead = Open();
        await dead.SaveAsync(Call("a", 1, "one"), Never);
        await dead.SaveAsync(Call("\u00e4\u00ff", 3, "bytes"), Never);
        await dead.SaveAsync(Call("gone", 1, "x"), Never);
        await dead.DeleteAsync(new("gone"), Never);
        await dead.SaveAsync(Call("a", 2, "two"), Never);

        using var next = Open();
        Assert.Equal(2, next.Count);
        Assert.Equal("two", Text(await next.LoadAsync(new("a"), Never)));
        Assert.Equal(3, (await next.LoadAsync(new("\u00e4\u00ff"), Never))!.Version);
        await Assert.ThrowsAsync<StaleCallException>(async () => await next.SaveAsync(Call("a", 1, "old"), Never));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task A_torn_tail_loses_only_the_torn_record(int cut)
    {
        using (var store = Open())
        {
            await store.SaveAsync(Call("a", 1, "one"), Never);
            await store.SaveAsync(Call("b", 1, "a longer state to cut into"), Never);
        }

        using (var file = File.OpenWrite(JournalFile))
        {
            file.SetLength(file.Length - cut);
        }

        using (var next = Open())
        {
            Assert.Equal(1, next.Count);
            Assert.True(next.TornBytes > 0);
            await next.SaveAsync(Call("c", 1, "three"), Never);
        }

        using var last = Open();
        Assert.Equal(["a", "c"], (await Ids(last)).Order());
        Assert.Equal(0, last.TornBytes);
    }

    [Fact]
    public async Task A_damaged_byte_ends_the_replay_there()
    {
        using (var store = Open())
        {
            await store.SaveAsync(Call("a", 1, "one"), Never);
            await store.SaveAsync(Call("b", 1, "two"), Never);
        }

        byte[] bytes = File.ReadAllBytes(JournalFile);
        bytes[^1] ^= 1;
        File.WriteAllBytes(JournalFile, bytes);
        using var next = Open();
        Assert.Equal(["a"], await Ids(next));
    }

    [Fact]
    public async Task Compaction_keeps_every_live_call_and_shrinks_the_journal()
    {
        string state = new('x', 1000);
        using (var store = Open(compactAbove: 20_000))
        {
            await store.SaveAsync(Call("kept", 1, "kept"), Never);
            for (int version = 1; version <= 500; version++)
            {
                await store.SaveAsync(Call("busy", version, state), Never);
            }

            await store.CompactionAsync();
            await store.SaveAsync(Call("busy", 501, "end"), Never);
            await store.CompactionAsync();
            Assert.True(store.JournalBytes < 300_000, $"journal has {store.JournalBytes} bytes");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalFile));
        }

        using var next = Open();
        Assert.Equal("kept", Text(await next.LoadAsync(new("kept"), Never)));
        Assert.Equal("end", Text(await next.LoadAsync(new("busy"), Never)));
    }

    [Fact]
    public async Task A_compaction_that_fails_costs_nothing_but_space()
    {
        string state = new('x', 1000);
        using (var store = Open(compactAbove: 20_000))
        {
            // A folder in the way of the file aside.
            Directory.CreateDirectory(JournalFile + ".new");
            for (int version = 1; version <= 100; version++)
            {
                await store.SaveAsync(Call("busy", version, state), Never);
                await store.CompactionAsync();
            }
        }

        Directory.Delete(JournalFile + ".new");
        using var next = Open();
        Assert.Equal(100, (await next.LoadAsync(new("busy"), Never))!.Version);
    }

    [Fact]
    public async Task Nobody_else_may_read_the_journal()
    {
        using var store = Open();
        await store.SaveAsync(Call("a", 1, "key"), Never);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalFile));
    }

    private string JournalFile => Path.Combine(directory, "calls.journal");

    private EmbeddedCallStore Open(long compactAbove = 1 << 20) => new(new() { Directory = directory, CompactAbove = compactAbove });

    private static StoredCall Call(string id, long version, string state) => new(new(id), version, Encoding.UTF8.GetBytes(state));

    private static string? Text(StoredCall? call) => call is null ? null : Encoding.UTF8.GetString(call.State.Span);

    private static async Task<List<string>> Ids(EmbeddedCallStore store)
    {
        var ids = new List<string>();
        await foreach (var call in store.LoadAllAsync(Never))
        {
            ids.Add(call.CallId.Value);
        }

        return ids;
    }
}
