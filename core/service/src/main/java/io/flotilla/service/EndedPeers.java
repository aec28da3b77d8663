package io.flotilla.service;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLSession;

/**
 * Refuses the calls of connections whose peer showed a certificate that had ended when they began. The handshake itself
 * refuses such a one, but nobody looks at the certificate of a peer that takes up a session again. Who connected before
 * its end stays.
 */
final class EndedPeers extends ServerTransportFilter implements ServerInterceptor {
    private static final Attributes.Key<Instant> ENDED = Attributes.Key.create("ended");

    private final InstantSource clock;

    EndedPeers(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Attributes transportReady(Attributes transport) {
        SSLSession session = transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return PeerIdentity.certificate(session)
                .map(leaf -> leaf.getNotAfter().toInstant())
                .filter(end -> end.isBefore(clock.instant()))
                .map(end -> transport.toBuilder().set(ENDED, end).build())
                .orElse(transport);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Instant end = call.getAttributes().get(ENDED);
        if (end == null) {
            return next.startCall(call, headers);
        }
        call.close(
                Status.UNAUTHENTICATED.withDescription(
                        "the peer's certificate ended at " + end + ": connect with a new one"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
