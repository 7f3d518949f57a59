using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Media.Stun;

namespace RtpCluster.Media.Ice;

/// <summary>Writes the STUN messages of one agent: RFC 8445 section 7.</summary>
internal sealed class IceMessages(byte[] software)
{
    private const int MaxSize = 1200;
    private readonly byte[] _buffer = new byte[MaxSize];

    /// <summary>A check.</summary>
    public byte[] Request(IcePlan plan, in IceTransaction transaction, uint priority)
    {
        var writer = new StunWriter(_buffer, StunClass.Request, transaction.Id);
        writer.Add(StunAttribute.Software, software);
        writer.Add(StunAttribute.Username, Encoding.UTF8.GetBytes($"{plan.RemoteUfrag}:{plan.LocalUfrag}"));
        writer.Add(transaction.AsControlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, plan.TieBreaker);
        writer.Add(StunAttribute.Priority, priority);
        if (transaction.UseCandidate)
        {
            writer.Add(StunAttribute.UseCandidate, ReadOnlySpan<byte>.Empty);
        }

        return Close(ref writer, plan.RemotePassword);
    }

    /// <summary>The answer to a good check.</summary>
    public byte[] Success(IcePlan plan, in StunMessage request, in NetEndpoint source)
    {
        var writer = new StunWriter(_buffer, StunClass.Success, request.TransactionId);
        writer.Add(StunAttribute.Software, software);
        writer.AddMappedAddress(source);
        return Close(ref writer, plan.LocalPassword);
    }

    /// <summary>A refusal.</summary>
    public byte[] Error(IcePlan plan, in StunMessage request, int code, ReadOnlySpan<byte> reason, ReadOnlySpan<ushort> unknown = default)
    {
        var writer = new StunWriter(_buffer, StunClass.Error, request.TransactionId);
        writer.Add(StunAttribute.Software, software);
        writer.AddError(code, reason);
        if (unknown.Length > 0)
        {
            Span<byte> list = stackalloc byte[unknown.Length * 2];
            for (int i = 0; i < unknown.Length; i++)
            {
                list[i * 2] = (byte)(unknown[i] >> 8);
                list[(i * 2) + 1] = (byte)unknown[i];
            }

            writer.Add(StunAttribute.UnknownAttributes, list);
        }

        return Close(ref writer, plan.LocalPassword);
    }

    private byte[] Close(ref StunWriter writer, string password)
    {
        writer.AddIntegrity(Encoding.UTF8.GetBytes(password));
        writer.AddFingerprint();
        return _buffer[..writer.Length];
    }
}
