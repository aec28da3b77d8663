package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is revoked is refused by the suite's own servers, on open connections and on sessions that are taken up again. */
class CutOffPeersTest {
    private static final String NAME = "istio-galley.istio-system.svc";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int TRIES = 50;

    private final TestRoot root = new TestRoot();
    private final IdentityMaterial pilot = root.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", LONG);
    private final RevokedPeers revoked = new RevokedPeers(InstantSource.system());
    private final List<Runnable> ends = new ArrayList<>();
    private volatile Instant now = Instant.now();

    /** When the session of each call began, by the server: one that is taken up again began with the first. */
    private static final class Sessions implements ServerInterceptor {
        private final List<Long> began = new CopyOnWriteArrayList<>();

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            began.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getCreationTime());
            return next.startCall(call, headers);
        }
    }

    private int serve(ServerInterceptor... interceptors) throws IOException {
        IdentityMaterial galley = root.material(TestRoot.GALLEY, NAME, LONG);
        Server server = Echo.start(
                GrpcServers.builder("127.0.0.1", 0, MeshTls.server(() -> Optional.of(galley)), () -> now),
                interceptors);
        ends.add(server::shutdownNow);
        return server.getPort();
    }

    private ManagedChannel channel(int port, SslContext tls) {
        // Java keeps sessions by name and port: without the port there is none to take up.
        ManagedChannel channel = GrpcChannels.tls(new HostPort("127.0.0.1", port), NAME + ":" + port, tls)
                .build();
        ends.add(channel::shutdownNow);
        return channel;
    }

    private static SslContext tls(IdentityMaterial material) {
        return MeshTls.client(() -> Optional.of(material));
    }

    private static String serial(IdentityMaterial material) {
        return Certificates.serialOf(material.leaf());
    }

    private static Revocation certificate(IdentityMaterial material) {
        return Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder().setSerial(serial(material)))
                .build();
    }

    private static Revocation identity(String account) {
        return Revocation.newBuilder()
                .setIdentity(
                        SpiffeId.of("cluster.local", "istio-system", account).uri())
                .build();
    }

    @AfterEach
    void end() {
        ends.forEach(Runnable::run);
    }

    @Test
    void openCallsOfTheRevokedEndAndNewOnesAreRefusedWhileOthersGoOn() throws Exception {
        int port = serve(revoked);
        IdentityMaterial renewed = root.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", LONG);
        ManagedChannel connection = channel(port, tls(pilot));
        EchoStream open = new EchoStream(connection);
        EchoStream other = new EchoStream(channel(port, tls(renewed)));
        assertThat(open.ask()).isEqualTo(serial(pilot));
        assertThat(other.ask()).isEqualTo(serial(renewed));

        revoked.are(List.of(certificate(pilot)));

        assertThat(open.next()).isEqualTo("PERMISSION_DENIED");
        assertThat(new EchoStream(connection).ask()).isEqualTo("PERMISSION_DENIED");
        assertThat(other.ask()).as("the same identity by another certificate").isEqualTo(serial(renewed));

        revoked.are(List.of(identity("istio-pilot-service-account")));
        assertThat(other.next()).isEqualTo("PERMISSION_DENIED");
        revoked.are(List.of());
        EchoStream again = new EchoStream(connection);
        assertThat(again.ask()).as("taken back").isEqualTo(serial(pilot));
        // The server hears of the end of a call after its client does.
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (revoked.open() != 1) {
            assertThat(System.nanoTime()).as("%s calls open", revoked.open()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void whatCannotBeReadLetsNobodyBackIn() throws Exception {
        int port = serve(revoked);
        revoked.are(List.of(certificate(pilot)));
        revoked.are(List.of(Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder().setSerial("none"))
                .build()));
        assertThat(new EchoStream(channel(port, tls(pilot))).ask()).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void whatIsOverStrikesNobody() throws Exception {
        revoked.are(List.of(certificate(pilot).toBuilder()
                .setUntil(Timestamp.newBuilder().setSeconds(1))
                .build()));
        assertThat(revoked.strikes(pilot.leaf())).isFalse();
        revoked.are(List.of(identity("istio-galley-service-account")));
        assertThat(revoked.strikes(pilot.leaf())).isFalse();
    }

    /** A TLS 1.3 client comes back with a ticket, so that the handshake itself looks at no certificate. */
    @Test
    void aSessionThatIsTakenUpAgainIsRefusedToo() throws Exception {
        Sessions sessions = new Sessions();
        int port = serve(revoked, sessions);
        SslContext tls = tls(pilot);

        assertThat(onTakenUpSession(port, tls, sessions, () -> {})).isEqualTo(serial(pilot));
        assertThat(onTakenUpSession(port, tls, sessions, () -> revoked.are(List.of(certificate(pilot)))))
                .as("revoked meanwhile")
                .isEqualTo("PERMISSION_DENIED");
        revoked.are(List.of());
        assertThat(onTakenUpSession(
                        port, tls, sessions, () -> now = pilot.notAfter().plusSeconds(1)))
                .as("ended meanwhile")
                .isEqualTo("UNAUTHENTICATED");
    }

    /** What the second of two connections is told, of which the server says that they are one session. */
    private String onTakenUpSession(int port, SslContext tls, Sessions sessions, Runnable between) throws Exception {
        Instant before = now;
        for (int i = 0; i < TRIES; i++) {
            // It stays open: a connection that is cut takes its session with it.
            new EchoStream(channel(port, tls)).ask();
            between.run();
            // A new session would have another time, which is told in milliseconds.
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            String told = new EchoStream(channel(port, tls)).ask();
            int last = sessions.began.size() - 1;
            if (sessions.began.get(last).equals(sessions.began.get(last - 1))) {
                return told;
            }
            // The second was too late: the server keeps sessions for a second only.
            revoked.are(List.of());
            now = before;
        }
        throw new AssertionError("no session was taken up again in " + TRIES + " tries");
    }
}
