package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.identity.v1.CertificateAuthorityGrpc;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc.CertificateAuthorityBlockingStub;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.identity.v1.RotateRequest;
import io.flotilla.api.identity.v1.StatusRequest;
import io.flotilla.api.identity.v1.StatusResponse;
import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.citadel.federation.BundleFetch;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.federation.SpiffeBundle;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import io.flotilla.service.fetch.GuardedFetch;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two real Envoys that talk all the time, each connection with a handshake of its own, while Citadel changes things. */
@QuarkusTest
@TestProfile(TrafficQuarkusTest.Quick.class)
class TrafficQuarkusTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final String CITADEL = "istio-citadel.istio-system.svc";
    private static final String SERVER_ID = "spiffe://cluster.local/ns/default/sa/server";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public static class Quick implements QuarkusTestProfile {
        private static final CitadelFiles FILES = CitadelFiles.believing(ISSUER);
        private static final int GALLEY = FreePort.next();

        @Override
        public Map<String, String> getConfigOverrides() {
            return FILES.settings(Map.of(
                    "flotilla.config", "xds://127.0.0.1:" + GALLEY,
                    "flotilla.authority-poll", "100ms",
                    // Citadel spreads each step over half of the first; the other half is what a busy machine has for
                    // it.
                    "flotilla.rotation-propagation", "8s",
                    "flotilla.rotation-wait-out", "1s",
                    "flotilla.bundle-port", "-1",
                    "flotilla.bundle-allow-private", "true",
                    "flotilla.bundle-identities", "b.example=" + OtherMesh.ENDPOINT));
        }
    }

    @Inject
    CitadelServer citadel;

    @Inject
    @Readiness
    CitadelHealth health;

    private TestGalley galley;
    private EchoLines app;
    private RealEnvoy server;
    private RealEnvoy client;
    private ManagedChannel channel;
    private int clientPort;
    private int serverPort;

    @BeforeEach
    void start() throws Exception {
        galley = new TestGalley(Quick.GALLEY);
        app = new EchoLines();
        server = envoy("server", "server.yaml", app.port());
        serverPort = server.port();
        client = envoy("client", "sidecar.yaml", serverPort);
        clientPort = client.port();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", citadel.port())
                .overrideAuthority(CITADEL)
                .sslContext(MeshTls.anonymousClient(roots()))
                .build();
        await(() -> Traffic.outcome(this::askAnew), "ok"::equals);
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        client.close();
        server.close();
        app.close();
        galley.close();
    }

    @Test
    void noHandshakeFailsDuringAWholeRotationOfTheRoot() throws Exception {
        String before = status().getRoots(0).getFingerprint();
        try (Traffic traffic = new Traffic(this::askAnew);
                Line open = new Line(clientPort)) {
            operator().rotate(RotateRequest.getDefaultInstance());
            await(() -> status().getPhase(), "switched"::equals);
            assertThat(open.ask()).isEmpty();
            await(() -> status().getPhase(), "steady"::equals);
            assertThat(open.ask()).as("on a connection from before").isEmpty();
            int then = traffic.calls();
            await(traffic::calls, calls -> calls > then + 20);

            assertThat(traffic.failures()).isEmpty();
            assertThat(status().getRootsList())
                    .singleElement()
                    .satisfies(root -> assertThat(root.getFingerprint()).isNotEqualTo(before));
        }
    }

    @Test
    void aRevokedCertificateIsRefusedInTheHandshakeAndNoOtherEvenWhileTheRootIsReplaced() throws Exception {
        IdentityMaterial bad = member("bad");
        IdentityMaterial good = member("good");
        assertThat(handshake(bad)).isEqualTo("ok");
        Revocation asked = Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder()
                        .setSerial(Certificates.serialOf(bad.chain().getFirst())))
                .build();
        var answer = operator()
                .revoke(RevokeRequest.newBuilder().setRevocation(asked).build());
        assertThat(answer.getApply()).as("whoever asks applies the object").isTrue();
        assertThat(answer.getNotInEffect()).isEmpty();
        assertThat(status().getRevocationsList()).isEmpty();

        try (Traffic traffic = new Traffic(this::askAnew)) {
            galley.publish(List.of(answer.getRevocation()));
            await(() -> handshake(bad), "refused"::equals);
            assertThat(handshake(good)).isEqualTo("ok");
            assertThat(status().getRevocationsList()).containsExactly(answer.getRevocation());

            operator().rotate(RotateRequest.getDefaultInstance());
            await(() -> status().getPhase(), "switched"::equals);
            assertThat(handshake(bad)).as("while two roots are believed").isEqualTo("refused");
            assertThat(handshake(member("good"))).isEqualTo("ok");

            galley.publish(List.of());
            await(() -> handshake(bad).equals("ok") || !status().getPhase().equals("switched"), lifted -> lifted);
            assertThat(traffic.failures()).isEmpty();
        }
        await(() -> status().getPhase(), "steady"::equals);
    }

    @Test
    void membersOfAnotherMeshGetInByItsOwnRootsAloneAndOnlyWhileItIsNamed() throws Exception {
        IdentityMaterial member = member("client");
        try (OtherMesh other = new OtherMesh();
                RealEnvoy federated = envoy("federated", "server.yaml", app.port(), "ROOTCA", "ROOTCA-FEDERATED")) {
            int port = federated.port();
            IdentityMaterial guest = other.member("spiffe://b.example/ns/default/sa/client", roots());
            IdentityMaterial forger = other.member("spiffe://cluster.local/ns/default/sa/client", roots());
            await(() -> handshake(member, port), "ok"::equals);
            assertThat(handshake(guest, port)).as("before it is named").isEqualTo("refused");

            galley.publish(List.of(), other.named());
            await(() -> handshake(guest, port), "ok"::equals);
            assertThat(handshake(forger, port))
                    .as("its authority makes nobody of this mesh")
                    .isEqualTo("refused");
            assertThat(handshake(member, port)).isEqualTo("ok");
            assertThat(handshake(guest, serverPort))
                    .as("where only this mesh is believed")
                    .isEqualTo("refused");

            other.rotate();
            IdentityMaterial next = other.member("spiffe://b.example/ns/default/sa/client", roots());
            await(() -> handshake(next, port), "ok"::equals);
            assertThat(handshake(guest, port)).as("by its root from before").isEqualTo("ok");

            galley.publish(List.of());
            await(() -> handshake(next, port), "refused"::equals);
            assertThat(handshake(member, port)).isEqualTo("ok");
        }
    }

    @Test
    void aRootWhoseKeyIsElsewhereLeavesNoListsAndHealthSaysSo() throws Exception {
        Revocation revoked = Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder().setSerial("0abc"))
                .build();
        try (OtherMesh other = new OtherMesh()) {
            galley.publish(List.of(revoked));
            await(() -> status().getRevocationsCount(), count -> count == 1);
            assertThat(citadel.noRevocationLists()).isEmpty();
            galley.publish(List.of(revoked), other.adopted());
            await(citadel::noRevocationLists, why -> why.contains("is not here"));
            assertThat(health.call().getData().orElseThrow())
                    .containsEntry("revocationLists", citadel.noRevocationLists());
        } finally {
            galley.publish(List.of());
        }
        await(citadel::noRevocationLists, String::isEmpty);
    }

    @Test
    void theBundleOfThisMeshIsServedToOthers() throws Exception {
        URI endpoint = URI.create("https://127.0.0.1:" + citadel.bundlePort() + "/");
        String id = "spiffe://cluster.local/ns/istio-system/sa/istio-citadel-service-account";
        assertThat(fetch(endpoint, id))
                .isInstanceOfSatisfying(
                        GuardedFetch.Outcome.Fetched.class,
                        document -> assertThat(SpiffeBundle.parse(document.body()))
                                .isInstanceOfSatisfying(SpiffeBundle.Outcome.Read.class, read -> {
                                    assertThat(read.bundle().authorities())
                                            .containsExactlyInAnyOrderElementsOf(trusted());
                                    assertThat(read.bundle().sequence()).isPositive();
                                    assertThat(read.bundle().refreshHint()).contains(Duration.ofSeconds(3));
                                }));
        assertThat(fetch(endpoint, id.replace("citadel", "pilot")))
                .as("shown by somebody else")
                .isInstanceOf(GuardedFetch.Outcome.Failed.class);
    }

    private static GuardedFetch.Outcome fetch(URI endpoint, String identity) throws IOException {
        return new BundleFetch(
                        GuardedFetch.Limits.PUBLIC.allowingPrivate(true),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        Map.of("cluster.local", SpiffeId.parse(identity).orElseThrow()))
                .get("cluster.local", endpoint, roots());
    }

    private static List<X509Certificate> trusted() {
        try {
            return roots();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String askAnew() throws Exception {
        try (Line line = new Line(clientPort)) {
            return line.ask().isEmpty() ? "ok" : "closed";
        }
    }

    private String handshake(IdentityMaterial identity) throws Exception {
        return handshake(identity, serverPort);
    }

    private String handshake(IdentityMaterial identity, int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {MeshTls.keyManager(() -> Optional.of(identity))},
                new TrustManager[] {MeshTls.trust(roots())},
                null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(Line.TIMEOUT_MILLIS);
            socket.startHandshake();
            socket.getOutputStream().write('\n');
            return socket.getInputStream().read() == '\n' ? "ok" : "refused";
        } catch (IOException e) {
            return "refused";
        }
    }

    private IdentityMaterial member(String account) throws Exception {
        KeyPair pair = KeyForms.generate(RANDOM);
        List<X509Certificate> chain = Certificates.parse(String.join(
                        "",
                        IstioCertificateServiceGrpc.newBlockingStub(channel)
                                .withCallCredentials(new SecretStream.Bearer(token("default", account)))
                                .createCertificate(IstioCertificateRequest.newBuilder()
                                        .setCsr(CsrBuilder.build(pair, List.of(), List.of(), RANDOM))
                                        .build())
                                .getCertChainList()))
                .orElseThrow();
        return new IdentityMaterial(
                SpiffeId.of("cluster.local", "default", account),
                pair.getPrivate(),
                List.of(chain.getFirst()),
                roots());
    }

    private CertificateAuthorityBlockingStub operator() {
        return CertificateAuthorityGrpc.newBlockingStub(channel)
                .withCallCredentials(new SecretStream.Bearer(token("istio-system", "flotilla-admin")));
    }

    private StatusResponse status() {
        return operator().status(StatusRequest.getDefaultInstance());
    }

    private static List<X509Certificate> roots() throws IOException {
        return Quick.FILES.roots();
    }

    private static String token(String namespace, String name) {
        return ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount(namespace, name), Optional.empty(), "istio-ca", Duration.ofMinutes(10)),
                Instant.now(),
                RANDOM);
    }

    private RealEnvoy envoy(String account, String template, int next) throws IOException {
        return envoy(account, template, next, "ROOTCA", "ROOTCA");
    }

    private RealEnvoy envoy(String account, String template, int next, String secret, String instead)
            throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), account);
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("tokens/istio-token"), token("default", account));
        Files.writeString(folder.resolve("token.yaml"), """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: token
                  generic_secret: {secret: {filename: "%s/tokens/istio-token"}}
                """.formatted(folder));
        // Who connected before a rotation knows both roots; the file has whoever is believed at this moment.
        Path root = Files.copy(Quick.FILES.root(), folder.resolve("root-cert.pem"));
        try (InputStream in =
                Objects.requireNonNull(TrafficQuarkusTest.class.getResourceAsStream("/envoy/" + template))) {
            String bootstrap = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${CITADEL}", Integer.toString(citadel.port()))
                    .replace("{name: " + secret + ",", "{name: " + instead + ",")
                    .replace("${SERVER}", Integer.toString(next))
                    .replace("${FOLDER}", folder.toString())
                    .replace("${ROOT}", root.toString())
                    .replace(
                            "[{san_type: DNS, matcher: {exact: istio-pilot.istio-system.svc}}]",
                            "[{san_type: URI, matcher: {exact: \"" + SERVER_ID + "\"}}]");
            return RealEnvoy.start(folder, bootstrap);
        }
    }

    private static <T> void await(java.util.concurrent.Callable<T> value, Predicate<T> good) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T last = value.call();
        while (!good.test(last) && System.nanoTime() < end) {
            LockSupport.parkNanos(20_000_000);
            last = value.call();
        }
        assertThat(good.test(last)).as("last: %s", last).isTrue();
    }
}
