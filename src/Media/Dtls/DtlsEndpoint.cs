using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Dtls;

/// <summary>How far a DTLS association is.</summary>
public enum DtlsState : byte
{
    /// <summary>The handshake runs.</summary>
    Handshaking,

    /// <summary>The keys are there.</summary>
    Keyed,

    /// <summary>It failed: alert, wrong fingerprint, no SRTP profile, no answer. Nothing more comes of it.</summary>
    Failed,
}

/// <summary>
/// One DTLS-SRTP handshake (RFC 5764) on datagrams in memory. Hand in packets and ticks, drain <see cref="TryGetTransmit"/>. Not safe for
/// concurrent use. Retransmission is libssl's, which reads the clock itself; <see cref="Tick"/> asks it when it is due.
/// </summary>
public sealed unsafe class DtlsEndpoint : IDisposable
{
    private const int IpOverhead = 28;
    private const uint FirstTimeoutMicros = 100_000;
    private const uint LastTimeoutMicros = 3_200_000;
    private const int MaxKeyMaterial = 88;

    private readonly DatagramBio _bio;
    private readonly DtlsPlan _plan;
    private nint _ssl;

    /// <summary>Begins; as client the ClientHello waits in <see cref="TryGetTransmit"/>.</summary>
    /// <exception cref="CryptographicException">libssl is out of memory.</exception>
    public DtlsEndpoint(DtlsContext context, DtlsPlan plan)
    {
        _plan = plan;
        _bio = new DatagramBio(context.Settings.Mtu);
        LibCrypto.ClearErrors();
        _ssl = LibSsl.New(context.Pointer);
        if (_ssl == 0)
        {
            _bio.Dispose();
            throw new CryptographicException("libssl has no memory for a DTLS association");
        }

        LibSsl.SetBio(_ssl, _bio.Bio, _bio.Bio);
        LibSsl.Control(_ssl, LibSsl.CtrlSetLinkMtu, context.Settings.Mtu + IpOverhead, null);
        LibSsl.SetTimer(_ssl, &NextTimeout);
        if (plan.Role == DtlsRole.Active)
        {
            LibSsl.SetConnectState(_ssl);
            Handshake();
        }
        else
        {
            LibSsl.SetAcceptState(_ssl);
        }
    }

    /// <summary>How far it is.</summary>
    public DtlsState State { get; private set; }

    /// <summary>Why it failed; empty: it has not.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Keys of what the remote sends; null: not there yet.</summary>
    public SrtpKeys? Decrypt { get; private set; }

    /// <summary>Keys of what we send; null: not there yet.</summary>
    public SrtpKeys? Encrypt { get; private set; }

    /// <summary>Microseconds until <see cref="Tick"/> has something to retransmit; null: nothing is outstanding.</summary>
    public long? RetransmitInMicros
    {
        get
        {
            var left = default(LibSsl.TimeVal);
            return State == DtlsState.Handshaking && _ssl != 0 && LibSsl.Control(_ssl, LibSsl.CtrlGetTimeout, 0, &left) == 1
                ? (left.Seconds * 1_000_000L) + left.Micros
                : null;
        }
    }

    /// <summary>First byte of a DTLS record: RFC 7983 section 7.</summary>
    public static bool IsDtls(ReadOnlySpan<byte> packet) => packet.Length > 12 && packet[0] is >= 20 and <= 63;

    /// <summary>Takes a datagram. After the handshake too: a remote that missed our last flight asks for it again.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (_ssl == 0 || State == DtlsState.Failed)
        {
            return;
        }

        LibCrypto.ClearErrors();
        fixed (byte* bytes = datagram)
        {
            _bio.Offer(bytes, datagram.Length);
            if (State == DtlsState.Handshaking)
            {
                Handshake();
            }
            else
            {
                byte nothing;
                _ = LibSsl.Read(_ssl, &nothing, 1);
            }

            _bio.Offer(null, 0);
        }
    }

    /// <summary>Retransmits what is due.</summary>
    public void Tick()
    {
        if (_ssl == 0 || State != DtlsState.Handshaking)
        {
            return;
        }

        LibCrypto.ClearErrors();
        if (LibSsl.Control(_ssl, LibSsl.CtrlHandleTimeout, 0, null) < 0)
        {
            Fail("no answer");
        }
    }

    /// <summary>Takes the next datagram to send; false: none.</summary>
    public bool TryGetTransmit(out byte[] datagram) => _bio.TryTake(out datagram);

    /// <summary>Frees libssl's memory (about 48 KiB). Keys that were read stay with their reader.</summary>
    public void Dispose()
    {
        if (_ssl != 0)
        {
            LibSsl.Free(_ssl);
            _ssl = 0;
            _bio.Dispose();
        }
    }

    private void Handshake()
    {
        int result = LibSsl.DoHandshake(_ssl);
        if (result == 1)
        {
            Finish();
            return;
        }

        int error = LibSsl.GetError(_ssl, result);
        if (error is not LibSsl.ErrorWantRead and not LibSsl.ErrorWantWrite)
        {
            Fail($"handshake error {error}");
        }
    }

    private void Finish()
    {
        if (!HasRightFingerprint())
        {
            Fail("the certificate is not the one that was signalled");
            return;
        }

        var profile = LibSsl.GetSrtpProfile(_ssl);
        if (profile is null || DtlsSrtpProfile.Suite((int)profile->Id.Value) is not { } suite)
        {
            Fail("no SRTP profile in common");
            return;
        }

        Span<byte> material = stackalloc byte[MaxKeyMaterial];
        material = material[..DtlsSrtpProfile.MaterialLength(suite)];
        fixed (byte* target = material, label = "EXTRACTOR-dtls_srtp"u8)
        {
            if (LibSsl.ExportKeys(_ssl, target, (nuint)material.Length, label, 19, null, 0, 0) != 1)
            {
                Fail("no keys");
                return;
            }
        }

        var (client, server) = DtlsSrtpProfile.Split(suite, material);
        CryptographicOperations.ZeroMemory(material);
        bool active = _plan.Role == DtlsRole.Active;
        Encrypt = active ? client : server;
        Decrypt = active ? server : client;
        State = DtlsState.Keyed;
    }

    private bool HasRightFingerprint()
    {
        nint certificate = LibSsl.GetPeerCertificate(_ssl);
        if (certificate == 0)
        {
            return false;
        }

        byte[] der = new byte[Math.Max(0, LibSsl.WriteCertificate(certificate, null))];
        fixed (byte* target = der)
        {
            byte* at = target;
            _ = LibSsl.WriteCertificate(certificate, &at);
        }

        LibSsl.CertificateFree(certificate);
        byte[] fingerprint = DtlsCertificates.Fingerprint(der, _plan.FingerprintHash);
        return fingerprint.Length > 0 && CryptographicOperations.FixedTimeEquals(fingerprint, _plan.Fingerprint);
    }

    private void Fail(string why)
    {
        State = DtlsState.Failed;
        Failure = why;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint NextTimeout(nint ssl, uint last) => last == 0 ? FirstTimeoutMicros : Math.Min(last * 2, LastTimeoutMicros);
}
