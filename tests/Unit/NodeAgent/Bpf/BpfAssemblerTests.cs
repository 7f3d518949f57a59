using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Bpf;

namespace RtpCluster.Unit.NodeAgent.Bpf;

public class BpfAssemblerTests
{
    [Fact]
    public void Instructions_have_the_bytes_of_the_kernel_documentation()
    {
        var code = new BpfAssembler()
            .Move(Reg.R6, Reg.R1)
            .Move(Reg.R0, -1)
            .Add(Reg.R2, -4)
            .Add(Reg.R7, Reg.R8)
            .ShiftLeft(Reg.R7, 1)
            .Load(Width.Word, Reg.R2, Reg.R6, 12)
            .Load(Width.Double, Reg.R1, Reg.R9, 8)
            .Store(Width.Word, Reg.Frame, -4, Reg.R7)
            .Store(Width.Double, Reg.R9, 8, Reg.R1)
            .AtomicAdd(Reg.R9, 16, Reg.R1)
            .Call(124)
            .Exit()
            .Build();

        Assert.Equal(
            [
                "BF16000000000000",
                "B7000000FFFFFFFF",
                "07020000FCFFFFFF",
                "0F87000000000000",
                "6707000001000000",
                "61620C0000000000",
                "7991080000000000",
                "637AFCFF00000000",
                "7B19080000000000",
                "DB19100000000000",
                "850000007C000000",
                "9500000000000000",
            ],
            Hex(code));
    }

    [Fact]
    public void A_map_takes_two_instructions_and_names_its_descriptor() =>
        Assert.Equal(["1811000007000000", "0000000000000000"], Hex(new BpfAssembler().LoadMap(Reg.R1, 7).Build()));

    [Fact]
    public void Jumps_count_the_instructions_between()
    {
        var code = new BpfAssembler()
            .JumpIf(Condition.NotEqual, Reg.R2, 17, "end")
            .JumpIf(Condition.Greater, Reg.R1, Reg.R2, "end")
            .JumpIf32(Condition.NotEqual, Reg.R2, 0xfffffffe, "end")
            .Goto("end")
            .Label("end").Exit()
            .Build();

        Assert.Equal(["5502030011000000", "2D21020000000000", "56020100FEFFFFFF", "0500000000000000", "9500000000000000"], Hex(code));
    }

    [Fact]
    public void A_jump_to_nowhere_is_refused() => Assert.Throws<InvalidOperationException>(() => new BpfAssembler().Goto("nowhere").Build());

    [Fact]
    public void The_steering_program_ends_by_passing_and_grows_with_the_addresses()
    {
        var one = SteeringProgram.Assemble([IpAddress.Parse("192.0.2.1")], 3, 4, reactors: 2, packetsPerSecond: 10_000, burst: 1000);
        var two = SteeringProgram.Assemble(
            [IpAddress.Parse("192.0.2.1"), IpAddress.Parse("2001:db8::1")], 3, 4, reactors: 2, packetsPerSecond: 10_000, burst: 1000);

        Assert.Equal(["B700000001000000", "9500000000000000"], Hex(one)[^2..]);
        Assert.Contains("5602020" + "0C0000201", Hex(one)); // not 192.0.2.1: two instructions on
        Assert.Equal(10, two.Length - one.Length);
    }

    private static string[] Hex(BpfInstruction[] code) => [.. code.Select(i => Convert.ToHexString(MemoryMarshal.AsBytes([i])))];
}
