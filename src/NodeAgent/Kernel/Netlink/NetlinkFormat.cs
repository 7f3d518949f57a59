namespace RtpCluster.NodeAgent.Kernel.Netlink;

/// <summary>Numbers of the netlink and generic netlink formats (linux/netlink.h, linux/genetlink.h). Everything is in host byte order.</summary>
internal static class NetlinkFormat
{
    /// <summary>struct nlmsghdr: length, type, flags, sequence number, port id.</summary>
    public const int HeaderBytes = 16;

    /// <summary>struct genlmsghdr: command, version, reserved.</summary>
    public const int GenericBytes = 4;

    /// <summary>struct nlattr: length, type.</summary>
    public const int AttributeBytes = 4;

    /// <summary>Bits of an attribute's type; the two above them say "nested" and "big endian".</summary>
    public const ushort TypeMask = 0x3fff;

    /// <summary>NLA_F_NESTED.</summary>
    public const ushort Nested = 0x8000;

    /// <summary>NLMSG_ERROR: an acknowledgement or a refusal.</summary>
    public const ushort Error = 2;

    /// <summary>NLMSG_DONE: the end of a dump.</summary>
    public const ushort Done = 3;

    /// <summary>NLM_F_REQUEST.</summary>
    public const ushort Request = 1;

    /// <summary>NLM_F_ACK.</summary>
    public const ushort Acknowledge = 4;

    /// <summary>NLM_F_CAPPED: the refused request is not repeated in full.</summary>
    public const ushort Capped = 0x100;

    /// <summary>NLM_F_ACK_TLVS: attributes follow the error.</summary>
    public const ushort ErrorAttributes = 0x200;

    /// <summary>NLM_F_ROOT | NLM_F_MATCH.</summary>
    public const ushort Dump = 0x300;

    /// <summary>NLMSGERR_ATTR_MSG: the refusal in words.</summary>
    public const ushort ErrorText = 1;

    /// <summary>The family of families.</summary>
    public const ushort ControlFamily = 16;

    /// <summary>Rounds up to the next 4 bytes.</summary>
    public static int Align(int length) => (length + 3) & ~3;
}
