package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeshTlsTest {
    private static final String GALLEY_NAME = "istio-galley.istio-system.svc";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final TestRoot root = new TestRoot();
    private final Rotating galley = new Rotating();
    private final Rotating pilot = new Rotating();
    private final List<Runnable> ends = new ArrayList<>();

    /** An identity that a test changes. */
    private static final class Rotating implements CurrentIdentity {
        private volatile Optional<IdentityMaterial> material = Optional.empty();

        @Override
        public Optional<IdentityMaterial> current() {
            return material;
        }

        String serial() {
            return Certificates.serialOf(required().leaf());
        }
    }

    private void issue(TestRoot from, Duration life) {
        galley.material = Optional.of(from.material(TestRoot.GALLEY, GALLEY_NAME, life));
        pilot.material = Optional.of(from.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", life));
    }

    @Test
    void sessionsOfServersEndAtOnceSinceNobodyWhoTakesOneUpShowsACertificate() {
        issue(root, LONG);
        assertThat(MeshTls.server(galley).sessionTimeout()).isEqualTo(1);
    }

    private int serve(ServerInterceptor... interceptors) throws IOException {
        Server server = Echo.start(GrpcServers.builder("127.0.0.1", 0, MeshTls.server(galley)), interceptors);
        ends.add(server::shutdownNow);
        return server.getPort();
    }

    private ManagedChannel channel(int port, String name, SslContext tls) {
        ManagedChannel channel =
                GrpcChannels.tls(new HostPort("127.0.0.1", port), name, tls).build();
        ends.add(channel::shutdownNow);
        return channel;
    }

    @AfterEach
    void end() {
        ends.forEach(Runnable::run);
    }

    @Test
    void aConnectionOutlivesItsCertificatesAndTheNextShowsTheNewOnes() throws Exception {
        issue(root, LONG);
        int port = serve();
        SslContext tls = MeshTls.client(pilot);
        // The first handshake of a process is slow; those that must come before an end are not the first.
        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot))).ask())
                .isEqualTo(pilot.serial());

        issue(root, Duration.ofSeconds(10));
        EchoStream open = new EchoStream(channel(port, GALLEY_NAME, tls));
        String first = pilot.serial();
        assertThat(open.ask()).isEqualTo(first);

        Instant end = pilot.required().notAfter();
        issue(root, LONG);
        while (!Instant.now().isAfter(end)) {
            LockSupport.parkUntil(end.toEpochMilli() + 1);
        }

        assertThat(open.ask()).as("the open stream").isEqualTo(first);
        // The same client context: a resumed session would show the first certificate, which is over.
        EchoStream next = new EchoStream(channel(port, GALLEY_NAME, tls));
        assertThat(next.ask()).as("a new connection").isEqualTo(pilot.serial()).isNotEqualTo(first);
    }

    @Test
    void aServerThatServesBeforeItHasACertificateServesAsSoonAsItHas() throws Exception {
        int port = serve();
        issue(root, LONG);
        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot))).ask())
                .isEqualTo(pilot.serial());
    }

    @Test
    void thoseWhoComeBeforeThereIsACertificateAreRefusedInOneLineOfTheLog() throws Exception {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Recording(logged);
        Logger all = Logger.getLogger("");
        all.addHandler(handler);
        ends.add(() -> all.removeHandler(handler));
        int port = serve();
        pilot.material = Optional.of(root.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", LONG));

        for (int i = 0; i < 3; i++) {
            EchoStream refused = new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot)));
            assertThat(refused.ask()).isEqualTo("UNAVAILABLE");
        }

        assertThat(logged)
                .extracting(LogRecord::getMessage)
                .containsOnlyOnce(
                        "connections are refused as long as this process has no certificate; clients try again");
        // What is thrown here Netty logs with all of its frames.
        assertThat(MeshTls.server(galley).newEngine(ByteBufAllocator.DEFAULT)).isNotNull();
        issue(root, LONG);
        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot))).ask())
                .isEqualTo(pilot.serial());
    }

    private static final class Recording extends Handler {
        private final List<LogRecord> into;

        Recording(List<LogRecord> into) {
            this.into = into;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.INFO.intValue()) {
                into.add(line);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void newRootsAreBelievedWithoutARestart() throws Exception {
        issue(root, LONG);
        int port = serve();
        SslContext tls = MeshTls.client(pilot);
        assertThat(new EchoStream(channel(port, GALLEY_NAME, tls)).ask()).isEqualTo(pilot.serial());

        TestRoot other = new TestRoot();
        pilot.material = Optional.of(other.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", LONG));
        assertThat(new EchoStream(channel(port, GALLEY_NAME, tls)).ask()).isEqualTo("UNAVAILABLE");

        var both = List.of(root.authority.certificate(), other.authority.certificate());
        pilot.material = Optional.of(pilot.required().believing(both));
        galley.material = Optional.of(galley.required().believing(both));
        assertThat(new EchoStream(channel(port, GALLEY_NAME, tls)).ask()).isEqualTo(pilot.serial());
    }

    @Test
    void strangersAreRefused() throws Exception {
        issue(root, LONG);
        int port = serve();
        var roots = List.of(root.authority.certificate());

        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.anonymousClient(roots))).ask())
                .as("a client without a certificate")
                .isEqualTo("UNAVAILABLE");
        assertThat(new EchoStream(channel(port, "istio-citadel.istio-system.svc", MeshTls.client(pilot))).ask())
                .as("a server of another name")
                .isEqualTo("UNAVAILABLE");
        ManagedChannel plain =
                GrpcChannels.plaintext(new HostPort("127.0.0.1", port)).build();
        ends.add(plain::shutdownNow);
        assertThat(new EchoStream(plain).ask()).as("plaintext").isEqualTo("UNAVAILABLE");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        issue(root, LONG);
        int port = serve();
        pilot.material =
                Optional.of(root.material(TestRoot.PILOT, "istio-pilot.istio-system.svc", Duration.ofSeconds(-5)));
        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot))).ask())
                .isEqualTo("UNAVAILABLE");
    }

    /** As one who takes up a session again, whose certificate nobody looks at in the handshake. */
    @Test
    void whoConnectsAfterTheEndOfItsCertificateIsRefusedByTheServersClock() throws Exception {
        issue(root, LONG);
        Instant end = pilot.required().notAfter();
        for (Instant now : List.of(end.minusSeconds(1), end.plusSeconds(1))) {
            Server server =
                    Echo.start(GrpcServers.builder("127.0.0.1", 0, MeshTls.server(galley), InstantSource.fixed(now)));
            ends.add(server::shutdownNow);
            assertThat(new EchoStream(channel(server.getPort(), GALLEY_NAME, MeshTls.client(pilot))).ask())
                    .isEqualTo(now.isBefore(end) ? pilot.serial() : "UNAUTHENTICATED");
        }
    }

    @Test
    void onlyThoseOnTheListMayCall() throws Exception {
        issue(root, LONG);
        int port = serve(AllowedPeers.accounts(TestRoot.DOMAIN, Set.of(TestRoot.PILOT)));
        SslContext tls = MeshTls.client(pilot);
        assertThat(new EchoStream(channel(port, GALLEY_NAME, tls)).ask()).isEqualTo(pilot.serial());

        pilot.material = Optional.of(root.material(new ServiceAccount("default", "reviews"), "x", LONG));
        assertThat(new EchoStream(channel(port, GALLEY_NAME, tls)).ask()).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void aServiceCanHaveAListOfItsOwn() throws Exception {
        issue(root, LONG);
        String service = "envoy.service.discovery.v3.AggregatedDiscoveryService";
        int port = serve(
                AllowedPeers.anyone(TestRoot.DOMAIN).forService(service, TestRoot.DOMAIN, Set.of(TestRoot.GALLEY)));
        assertThat(new EchoStream(channel(port, GALLEY_NAME, MeshTls.client(pilot))).ask())
                .isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void plaintextShowsNoIdentity() throws Exception {
        Server server = Echo.start(GrpcServers.builder("127.0.0.1", 0, null), AllowedPeers.anyone(TestRoot.DOMAIN));
        ends.add(server::shutdownNow);
        ManagedChannel plain = GrpcChannels.plaintext(new HostPort("127.0.0.1", server.getPort()))
                .build();
        ends.add(plain::shutdownNow);
        assertThat(new EchoStream(plain).ask()).isEqualTo("UNAUTHENTICATED");
    }
}
