using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Kernel;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.Unit.NodeAgent.Kernel;

/// <summary>What the kernel tells by itself.</summary>
public sealed class KernelEventTests
{
    private static readonly NetEndpoint Local = NetEndpoint.Parse("192.0.2.1:30000");
    private static readonly NetEndpoint Source = NetEndpoint.Parse("[2001:db8::7]:4000");

    [Fact]
    public void An_event_is_read_with_all_it_says()
    {
        Assert.True(TryRead(Bytes(KernelCommand.Event, KernelEventKind.AuthFailed), out var happened));
        Assert.Equal(new KernelEvent(KernelEventKind.AuthFailed, 3, Local, 17, Source, 0xaabbccdd), happened);
        Assert.Equal("192.0.2.1:30000: 17 packets of SSRC aabbccdd from [2001:db8::7]:4000 failed SRTP authentication", happened.ToString());
    }

    [Theory]
    [InlineData(KernelEventKind.NewSsrc, "begins")]
    [InlineData(KernelEventKind.UnknownPt, "payload type")]
    [InlineData(KernelEventKind.SourceChanged, "not where")]
    [InlineData(KernelEventKind.Idle, "no packets any more")]
    [InlineData(KernelEventKind.LeaseExpired, "table 3 is gone")]
    internal void Every_kind_says_what_it_is(KernelEventKind kind, string words)
    {
        Assert.True(TryRead(Bytes(KernelCommand.Event, kind), out var happened));
        Assert.Contains(words, happened.ToString());
    }

    [Fact]
    public void Other_messages_and_kinds_of_a_newer_module_are_no_events()
    {
        Assert.False(TryRead(Bytes(KernelCommand.StatsGet, KernelEventKind.Idle), out _));
        Assert.False(TryRead(Bytes(KernelCommand.Event, (KernelEventKind)99), out _));
        Assert.False(TryRead(Bytes(KernelCommand.Event, 0), out _));
    }

    [Fact]
    public void Damaged_events_are_read_without_a_fault()
    {
        byte[] good = Bytes(KernelCommand.Event, KernelEventKind.NewSsrc);
        var random = new Random(1);
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = good[..random.Next(NetlinkFormat.HeaderBytes, good.Length + 1)];
            bad[random.Next(NetlinkFormat.HeaderBytes, good.Length) % bad.Length] = (byte)random.Next(256);
            read += TryRead(bad, out var happened) && happened.ToString().Length > 0 ? 1 : 0;
        }

        Assert.InRange(read, 1, 20_000);
    }

    private static bool TryRead(byte[] bytes, out KernelEvent happened)
    {
        happened = default;
        return new NetlinkReader(bytes).TryNext(out var message) && KernelEvent.TryRead(message, out happened);
    }

    private static byte[] Bytes(KernelCommand command, KernelEventKind kind)
    {
        var writer = new NetlinkWriter();
        writer.Begin(20, 0, 0, (byte)command, 1);
        byte[] address = new byte[KernelFormat.AddressBytes];
        writer.Put(KernelAttribute.Table, 3);
        KernelFormat.WriteAddress(address, Local);
        writer.PutBytes((int)KernelAttribute.Local, address);
        writer.PutByte((int)KernelAttribute.Event, (byte)kind);
        writer.Put(KernelAttribute.Count, 17);
        KernelFormat.WriteAddress(address, Source);
        writer.PutBytes((int)KernelAttribute.Source, address);
        writer.Put(KernelAttribute.Ssrc, 0xaabbccdd);
        return writer.Message.ToArray();
    }
}
