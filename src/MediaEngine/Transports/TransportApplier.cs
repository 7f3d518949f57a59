using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Transports;

/// <summary>Puts in force on the packet path what ICE and DTLS found out, and reports what is worth keeping. Never on the packet path.</summary>
internal sealed class TransportApplier(FactWriter facts, Offloader offloader)
{
    /// <summary>Applies a finding.</summary>
    public void Apply(Instant now, CallRuntime call, StreamRuntime stream, TransportChange change)
    {
        if (stream.Plan.Ice is not null && change.UsesIce)
        {
            stream.IceSources = change.Sources;
            stream.SelectedLocal = Math.Min(change.Local, Math.Max(0, stream.Locals.Length - 1));
            if (stream.Learner.Select(change.Remote) && change.Remote.IsUsable)
            {
                stream.LastEndpointFact = now;
                facts.Add(new EndpointLearned(call.Id, stream.Id, change.Remote));
            }

            offloader.Moved(stream);
        }

        if (stream.Plan.Dtls is { } dtls && dtls.Association == change.Association
            && change.Decrypt is { } decrypt && change.Encrypt is { } encrypt && !Equals(stream.DecryptKeys, decrypt))
        {
            stream.Association = change.Association;
            stream.AgreedDecrypt = decrypt;
            stream.AgreedEncrypt = encrypt;
            offloader.RecallAll(call); // rows count under the keys that go
            foreach (var each in call.Streams.Values)
            {
                SrtpKeeper.Update(call, each);
            }

            SrtpKeeper.WipeUnused(call);
            offloader.Moved(stream);
            facts.Add(new DtlsKeyed(call.Id, stream.Id, change.Association, decrypt, encrypt));
        }
    }
}
