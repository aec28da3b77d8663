package io.flotilla.service;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.revocation.Revocations;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refuses the calls of peers whose certificate or identity is revoked, and ends those that are open when the revocation
 * comes. A session that is taken up again brings the certificate that it began with, and is judged by it.
 */
public final class RevokedPeers implements ServerInterceptor {
    private static final System.Logger LOG = System.getLogger(RevokedPeers.class.getName());

    private final InstantSource clock;
    private final Map<EndingCall<?, ?>, X509Certificate> open = new ConcurrentHashMap<>();
    private volatile Told told = new Told(List.of(), RevocationSet.NOTHING);

    /** Nothing is revoked yet. */
    public RevokedPeers(InstantSource clock) {
        this.clock = clock;
    }

    private record Told(List<Revocation> revocations, RevocationSet set) {}

    /**
     * From now on these are in force. While one of them cannot be read, it is not known whom it strikes, and those
     * before stay so too.
     */
    public synchronized void are(List<Revocation> revocations) {
        Told before = told;
        if (revocations.equals(before.revocations())) {
            return;
        }
        List<RevocationSet.Entry> entries = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (Revocation each : revocations) {
            switch (Revocations.read(each)) {
                case Revocations.Outcome.Good good -> entries.add(good.entry());
                case Revocations.Outcome.Bad bad -> unread.add(bad.message());
            }
        }
        if (!unread.isEmpty()) {
            LOG.log(Level.ERROR, "revocations that cannot be read: {0}; those in force stay so", unread);
            before.set().entries().stream()
                    .filter(entry -> !entries.contains(entry))
                    .forEach(entries::add);
        }
        told = new Told(List.copyOf(revocations), new RevocationSet(entries));
        // A call is among the open ones before it is judged: it meets the new set there, or here.
        open.forEach((call, leaf) -> refusal(leaf).ifPresent(call::end));
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<X509Certificate> leaf = PeerIdentity.certificate(call);
        if (leaf.isEmpty()) {
            return next.startCall(call, headers);
        }
        EndingCall<Q, A> ending = new EndingCall<>(call);
        open.put(ending, leaf.get());
        Optional<Status> refusal = refusal(leaf.get());
        if (refusal.isPresent()) {
            open.remove(ending);
            ending.end(refusal.get());
            return new ServerCall.Listener<>() {};
        }
        return new Counted<>(next.startCall(ending, headers), ending);
    }

    /** Whether a peer with this certificate is to be refused: for servers that are none of gRPC. */
    public boolean strikes(X509Certificate leaf) {
        return refusal(leaf).isPresent();
    }

    private Optional<Status> refusal(X509Certificate leaf) {
        RevocationSet revoked = told.set();
        return revoked.entries().isEmpty()
                ? Optional.empty()
                : Certificates.spiffeId(leaf)
                        .filter(id -> revoked.covers(leaf, id, clock.instant()))
                        .map(id -> Status.PERMISSION_DENIED.withDescription("the certificate of " + id
                                + " with serial number " + Certificates.serialOf(leaf)
                                + " is revoked: connect with a new one"));
    }

    /** Calls that are open now. */
    int open() {
        return open.size();
    }

    /** Forgets a call that is over; its server hears of one that was ended here as of a client that went away. */
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final EndingCall<?, ?> call;

        Counted(ServerCall.Listener<Q> delegate, EndingCall<?, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onCancel() {
            open.remove(call);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            open.remove(call);
            if (call.ended()) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
