using System.Text.RegularExpressions;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel;
using RtpCluster.NodeAgent.Kernel.Netlink;
using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Unit.NodeAgent.Kernel;

/// <summary>What we say to the kernel module and how we read what it says.</summary>
public sealed class KernelMessageTests
{
    private static readonly NetEndpoint Local = NetEndpoint.Parse("192.0.2.1:30000");
    private static readonly NetEndpoint Remote = NetEndpoint.Parse("[2001:db8::7]:4000");

    private static OffloadTarget Target => new()
    {
        CallId = new CallId("call"),
        Stream = new StreamId(3),
        Epoch = 9,
        Local = Local,
        Kind = StreamKind.RtpMux,
        Learned = Remote,
        Current = Remote,
        Mismatch = SourceMismatch.Drop,
        PayloadTypes = [new OffloadPayloadType(8, 8000, 0xd5, 160, false), new OffloadPayloadType(101, 0, -1, 0, true)],
        Outputs =
        [
            new OffloadOutput
            {
                To = new StreamId(4),
                Source = Local,
                Destination = NetEndpoint.Parse("198.51.100.9:5000"),
                Flags = OutputFlags.Silenced | OutputFlags.BlockDtmf,
                Encrypt = new OffloadKeys(77, Keys, [new SrtpCheckpoint(5, true, 0x1_0001, 0)]),
                PayloadTypeMaps = [new PayloadTypeMap(8, 0)],
                StripExtensions = [1, 3],
            },
            new OffloadOutput { To = new StreamId(5), Source = Local, Destination = default, Hold = DropReason.NoEndpoint },
        ],
    };

    private static SrtpKeys Keys => new()
    {
        Suite = SrtpSuite.AesCm128HmacSha1_80,
        MasterKey = new byte[16],
        MasterSalt = new byte[14],
        Mki = [1, 2],
        UnencryptedSrtcp = true,
    };

    public static TheoryData<Type, string> Enums => new()
    {
        { typeof(KernelCommand), "RTPC_CMD_" },
        { typeof(KernelAttribute), "RTPC_A_" },
        { typeof(KernelOutputAttribute), "RTPC_O_" },
        { typeof(KernelCryptoAttribute), "RTPC_C_" },
        { typeof(KernelEventKind), "RTPC_EVENT_" },
    };

    [Theory]
    [MemberData(nameof(Enums))]
    public void Numbers_are_those_of_the_header(Type type, string prefix)
    {
        string header = File.ReadAllText(Path.Combine(Repository.Root, "kernel", "uapi", "rtpcluster.h"));
        int block = Regex.Match(header, $@"\n\t{prefix}UNSPEC,").Index;
        Assert.True(block > 0);
        string[] names = [.. header[block..header.IndexOf("};", block, StringComparison.Ordinal)]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().TrimEnd(','))
            .TakeWhile(line => !line.StartsWith('_')).Select(line => line[prefix.Length..].Replace("_", ""))];
        Assert.Equal(names.Skip(1), Enum.GetNames(type), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Enumerable.Range(1, names.Length - 1), Enum.GetValues(type).Cast<object>().Select(Convert.ToInt32));
    }

    [Fact]
    public void A_row_is_written_with_everything_it_says()
    {
        var message = Write(Target, out _);
        var seen = new Dictionary<int, byte[]>();
        var outputs = new List<Dictionary<int, byte[]>>();
        foreach (var attribute in message.Attributes)
        {
            if (attribute.Type == (int)KernelAttribute.Output)
            {
                outputs.Add(Read(attribute.Nest));
            }
            else
            {
                seen.Add(attribute.Type, attribute.Value.ToArray());
            }
        }

        Assert.Equal((byte)KernelCommand.TargetSet, message.Command);
        Assert.Equal(Local, KernelFormat.ReadAddress(seen[(int)KernelAttribute.Local]));
        Assert.Equal(Remote, KernelFormat.ReadAddress(seen[(int)KernelAttribute.Expect]));
        Assert.Equal([2], seen[(int)KernelAttribute.Kind]);
        Assert.Equal([1], seen[(int)KernelAttribute.Mismatch]);
        Assert.Equal((uint)(KernelTargetFlags.RtcpLocal | KernelTargetFlags.Reset), BitConverter.ToUInt32(seen[(int)KernelAttribute.TargetFlags]));
        Assert.Equal(2 * KernelFormat.PayloadTypeBytes, seen[(int)KernelAttribute.Pts].Length);
        Assert.Equal(2, outputs.Count);
        Assert.Equal([8, 0], outputs[0][(int)KernelOutputAttribute.PtMap]);
        Assert.Equal([1, 3], outputs[0][(int)KernelOutputAttribute.ExtStrip]);
        Assert.Equal((uint)(KernelOutputFlags.Silenced | KernelOutputFlags.BlockDtmf), BitConverter.ToUInt32(outputs[0][(int)KernelOutputAttribute.Flags]));
        Assert.Equal([(byte)DropReason.NoEndpoint], outputs[1][(int)KernelOutputAttribute.Hold]);
        Assert.DoesNotContain((int)KernelOutputAttribute.Dst, outputs[1].Keys);

        var crypto = Read(new AttributeReader(outputs[0][(int)KernelOutputAttribute.Crypto]));
        Assert.Equal(77UL, BitConverter.ToUInt64(crypto[(int)KernelCryptoAttribute.Id]));
        Assert.Equal([(byte)SrtpSuite.AesCm128HmacSha1_80], crypto[(int)KernelCryptoAttribute.Suite]);
        Assert.Equal([1, 2], crypto[(int)KernelCryptoAttribute.Mki]);
        Assert.Equal((uint)KernelCryptoFlags.UnencryptedSrtcp, BitConverter.ToUInt32(crypto[(int)KernelCryptoAttribute.Flags]));
        Assert.Equal(0x1_0001UL, BitConverter.ToUInt64(crypto[(int)KernelCryptoAttribute.SrtpState].AsSpan(8)));
    }

    [Fact]
    public void Payload_types_that_come_here_are_said_and_what_becomes_of_others()
    {
        var types = new[] { new OffloadPayloadType(96, 90000, -1, 0, false), new OffloadPayloadType(97, 0, -1, 0, false, ComesHere: true) };
        var message = Write(Target with { PayloadTypes = types, OthersStay = true }, out _);
        var seen = new Dictionary<int, byte[]>();
        foreach (var attribute in message.Attributes)
        {
            seen[attribute.Type] = attribute.Value.ToArray();
        }

        byte[] written = seen[(int)KernelAttribute.Pts];
        Assert.Equal((0, 1), (written[1], written[KernelFormat.PayloadTypeBytes + 1]));
        Assert.Equal([1], seen[(int)KernelAttribute.PtUnknown]);
    }

    [Fact]
    public void The_largest_row_fits_and_a_call_id_that_does_not_is_said()
    {
        Write(Target with { Outputs = [.. Enumerable.Range(0, 256).Select(i => Target.Outputs[0] with { To = new StreamId(i) })] }, out bool fits);
        Assert.True(fits);
        Write(Target with { CallId = new CallId(new string('x', 1000)) }, out fits);
        Assert.False(fits);
    }

    [Fact]
    public void A_row_tells_the_next_process_whose_it_is()
    {
        var decoder = new LegacyDecoder();
        decoder.Add(Write(Target, out _));
        var found = Assert.Single(decoder.Rows);
        Assert.Equal(new CallId("call"), found.CallId);
        Assert.Equal((Local, 3, 9L, 42UL), (found.Row.Local, found.Row.Stream.Value, found.Row.Epoch, found.Row.Fingerprint));
        Assert.Equal((Remote, Remote), (found.Row.Learned, found.Row.Current));
        Assert.Equal((new StreamId(4), NetEndpoint.Parse("198.51.100.9:5000")), found.Row.Destinations[0]);
    }

    [Fact]
    public void Outputs_that_come_in_a_second_message_belong_to_the_same_row()
    {
        var decoder = new LegacyDecoder();
        decoder.Add(Write(Target with { Outputs = [] }, out _));
        decoder.Add(Write(Target, out _));
        Assert.Equal(2, Assert.Single(decoder.Rows).Row.Destinations.Length);
    }

    [Fact]
    public void Counters_are_read()
    {
        var writer = new NetlinkWriter();
        writer.Begin(20, 0, 1, (byte)KernelCommand.StatsGet, 1);
        byte[] address = new byte[KernelFormat.AddressBytes];
        KernelFormat.WriteAddress(address, Local);
        writer.PutBytes((int)KernelAttribute.Local, address);
        Numbers(writer, KernelAttribute.Stats, 10, 1720, 2, 1, 0, 1_000_000);
        var ssrc = writer.Reserve((int)KernelAttribute.SsrcStats, KernelFormat.SsrcStatsBytes);
        ssrc[0] = 9;
        BitConverter.TryWriteBytes(ssrc[24..], -3L);
        BitConverter.TryWriteBytes(ssrc[32..], 0x2_0007UL);
        BitConverter.TryWriteBytes(ssrc[40..], 0xaabbccddu);
        ssrc[60] = 8;
        var state = writer.Reserve((int)KernelAttribute.SrtpState, KernelFormat.StateBytes);
        state[0] = 77;
        state[8] = 5;
        state[24] = 1;
        Assert.True(new NetlinkReader(writer.Message).TryNext(out var message));
        var report = ReportDecoder.Read(message);
        Assert.Equal((Local, new Counters(10, 1720, 2), new Instant(1_000_000)), (report.Local, report.In, report.LastPacket));
        var one = Assert.Single(report.Ssrcs);
        Assert.Equal((0xaabbccddu, 9L, -3L, (ushort)7, (byte)8), (one.Ssrc, one.Packets, one.Lost, one.LastSequence, one.PayloadType));
        Assert.Equal(new OffloadIndex(77, new SrtpCheckpoint(0, true, 5, 0)), Assert.Single(report.Indices));
    }

    [Fact]
    public void A_refusal_carries_the_kernels_words()
    {
        var writer = new NetlinkWriter();
        writer.Begin(NetlinkFormat.Error, NetlinkFormat.Capped | NetlinkFormat.ErrorAttributes, 1, 0, 0);
        byte[] header = writer.Message[..NetlinkFormat.HeaderBytes].ToArray();
        writer.PutBytes(0, new byte[12]);
        writer.PutText(NetlinkFormat.ErrorText, "no such table");
        // struct nlmsgerr is the code and the header of the refused request: 20 bytes, as many as the generic header and the filler here.
        byte[] bytes = writer.Message.ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(16), -2);
        header.CopyTo(bytes, 20);
        Assert.True(new NetlinkReader(bytes).TryNext(out var message));
        Assert.True(message.TryReadResult(out int errno, out string text));
        Assert.Equal((2, "no such table"), (errno, text));
    }

    [Fact]
    public void Damaged_messages_are_read_without_a_fault()
    {
        byte[] good = Bytes(Target);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = good[..random.Next(good.Length + 1)];
            for (int k = random.Next(8); k > 0 && bad.Length > 0; k--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            var reader = new NetlinkReader(bad);
            while (reader.TryNext(out var message))
            {
                message.TryReadResult(out _, out _);
                new LegacyDecoder().Add(message);
            }
        }
    }

    private static Dictionary<int, byte[]> Read(AttributeReader attributes)
    {
        var all = new Dictionary<int, byte[]>();
        foreach (var attribute in attributes)
        {
            all.Add(attribute.Type, attribute.Value.ToArray());
        }

        return all;
    }

    private static void Numbers(NetlinkWriter writer, KernelAttribute type, params long[] values)
    {
        var bytes = writer.Reserve((int)type, values.Length * 8);
        for (int i = 0; i < values.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes[(i * 8)..], values[i]);
        }
    }

    private static byte[] Bytes(OffloadTarget target)
    {
        var writer = new NetlinkWriter();
        writer.Begin(20, 0, 1, (byte)KernelCommand.TargetSet, 1);
        return TargetEncoder.TryWrite(writer, 0, target, 42, reset: true) ? writer.Message.ToArray() : [];
    }

    private static NetlinkMessage Write(OffloadTarget target, out bool fits)
    {
        byte[] bytes = Bytes(target);
        fits = bytes.Length > 0;
        new NetlinkReader(bytes).TryNext(out var message);
        return message;
    }
}
