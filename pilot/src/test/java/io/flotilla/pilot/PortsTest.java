package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.Tuning;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.LeftPods;
import io.flotilla.pilot.serve.ProvenPeers;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.pilot.serve.RegisteredPods;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.TestCitadel;
import io.flotilla.pilot.world.WorldStream;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.MeshTls;
import io.flotilla.service.RevokedPeers;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets what on the ports that Envoys come to. */
class PortsTest {
    private static final String PILOT = "istio-pilot.istio-system.svc";

    private final Views views =
            new Views(Tuning.defaults(), Duration.ofMinutes(1), InstantSource.system(), (type, streams) -> {});
    private final Ports ports = new Ports();
    private final RevokedPeers revoked = new RevokedPeers(InstantSource.system());

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private TestCitadel citadel;

    private final Set<String> held = new HashSet<>(Set.of("default"));
    private final LeftPods left = new LeftPods();

    @SuppressWarnings("NullAway.Init") // by open()
    private XdsServer xds;

    private static final class NoReceipts implements ProxySource.Receipts {
        @Override
        public void accepted(String typeUrl, Generation generation) {}

        @Override
        public void rejected(String proxy, String typeUrl, String message) {}
    }

    @BeforeEach
    void start() throws IOException {
        citadel = new TestCitadel();
        views.advance(new MeshState(
                new Generation(0, Map.of("test", 1L)), MeshYaml.web("web-account"), Set.of(Kind.REGISTRY_SERVICE), 0));
    }

    @AfterEach
    void stop() {
        xds.close();
        ports.close();
        citadel.close();
    }

    private void open(String age) throws IOException {
        open(age, Map.of());
    }

    private void open(String age, Map<String, String> settings) throws IOException {
        // 0 is off: a free port is asked for by name.
        PilotConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(PilotConfig.class)
                .withDefaultValue("flotilla.port", "-1")
                .withDefaultValue("flotilla.tls-port", "-1")
                .withDefaultValue("flotilla.connection-age", age)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(PilotConfig.class);
        xds = new XdsServer(
                new ProvenPeers(
                        new ProxySource(views, MeshSettings.defaults(), new NoReceipts()),
                        TokenIssuers.believed(
                                config,
                                new RegisteredPods(() -> views.mesh().map(MeshState::snapshot), held::contains, left)),
                        new TrustDomain("cluster.local")),
                DeliveryOrder.ENVOY,
                "test");
        ports.open(config, xds, citadel.service("istio-system", "istio-pilot-service-account", PILOT), revoked);
    }

    private static String node(String pod) {
        return "sidecar~10.44.1.1~" + pod + "~default.svc.cluster.local";
    }

    private ManagedChannel secure(CurrentIdentity identity) {
        return NettyChannelBuilder.forAddress("127.0.0.1", ports.tls())
                .sslContext(MeshTls.client(identity))
                .overrideAuthority(PILOT)
                .build();
    }

    private ManagedChannel plaintext() {
        return NettyChannelBuilder.forAddress("127.0.0.1", ports.plaintext())
                .usePlaintext()
                .build();
    }

    @ParameterizedTest(name = "{2} of {0}/{1} as {3}")
    @CsvSource({
        "default, web-account, web-0.default, web-account, OK",
        // Another account of the same namespace; another namespace; what the node says of itself does not help.
        "default, other, web-0.default, other, PERMISSION_DENIED",
        "default, other, web-0.default, web-account, PERMISSION_DENIED",
        "elsewhere, web-account, web-0.default, web-account, PERMISSION_DENIED",
        "default, web-account, web-0.default, admin, PERMISSION_DENIED",
        "default, web-account, web-0.elsewhere, web-account, PERMISSION_DENIED",
        // Not in the registry yet: its word on the account counts, if the certificate says the same.
        "default, new, new-0.default, new, OK",
        "default, new, new-0.default, web-account, PERMISSION_DENIED",
    })
    void aNodeIsWhoItsCertificateSays(
            String namespace, String account, String pod, String claimed, Status.Code expected) throws Exception {
        open("30m");
        try (WorldStream stream = new WorldStream(
                secure(citadel.service(namespace, account, "x")), node(pod), Map.of("SERVICE_ACCOUNT", claimed))) {
            stream.ask(TypeUrls.CLUSTER);
            assertServedOr(stream, expected, "node " + node(pod));
        }
    }

    private static void assertServedOr(WorldStream stream, Status.Code expected, String message) throws Exception {
        if (expected == Status.Code.OK) {
            assertThat(stream.next().getResourcesCount()).isPositive();
        } else {
            Status end = stream.end();
            assertThat(end.getCode()).isEqualTo(expected);
            assertThat(end.getDescription()).contains(message);
        }
    }

    @Test
    void theOpenStreamOfARevokedNodeEnds() throws Exception {
        open("30m");
        CurrentIdentity web = citadel.service("default", "web-account", "x");
        try (WorldStream stream = new WorldStream(secure(web), node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.next().getResourcesCount()).isPositive();
            revoked.are(List.of(Revocation.newBuilder()
                    .setIdentity("spiffe://cluster.local/ns/default/sa/web-account")
                    .build()));
            Status end = stream.end();
            assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(end.getDescription()).contains("spiffe://cluster.local/ns/default/sa/web-account", "is revoked");
        }
    }

    @ParameterizedTest(name = "{1} with a token of {0}")
    @CsvSource({
        "web-account, web-0.default, istio-ca, OK, -",
        "other, web-0.default, istio-ca, PERMISSION_DENIED, 'belongs to service account default/web-account'",
        "web-account, web-0.elsewhere, istio-ca, PERMISSION_DENIED, 'the peer is spiffe://cluster.local/ns/default'",
        "web-account, web-0.default, kubernetes, UNAUTHENTICATED, 'audience \"istio-ca\" is not in the token'",
        "'', web-0.default, istio-ca, UNAUTHENTICATED, 'a client certificate of this mesh, or a bearer token'",
    })
    void withoutACertificateANodeIsWhoItsTokenSays(
            String account, String pod, String audience, Status.Code expected, String message) throws Exception {
        LocalTokenIssuer issuer = LocalTokenIssuer.create(new SecureRandom());
        open("30m", Map.of("flotilla.tokens.jwks-file", write(issuer.jwks())));
        String token = account.isEmpty() ? "" : Tokens.of(issuer, account, audience);
        try (WorldStream stream = new WorldStream(bearing(token), node(pod), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertServedOr(stream, expected, message);
        }
    }

    @ParameterizedTest(name = "of pod {0} with uid {1}")
    @CsvSource({
        "web-0, web, web-0.default, OK, ''",
        "web-0, before, web-0.default, UNAUTHENTICATED, pod default/web-0 is another one by now",
        "gone-0, gone, gone-0.default, UNAUTHENTICATED, pod default/gone-0 is gone",
        // Never in the registry: it may be one that is not known yet.
        "new-0, new, new-0.default, OK, ''",
    })
    void aTokenEndsWithItsPod(String bound, String uid, String pod, Status.Code expected, String message)
            throws Exception {
        left.left("gone");
        tokenOfPod(bound, uid, pod, expected, message);
    }

    @Test
    void whereThePodsOfANamespaceAreNotHereATokenProvesNothingYet() throws Exception {
        held.clear();
        tokenOfPod("web-0", "before", "web-0.default", Status.Code.UNAVAILABLE, "pods of namespace default");
    }

    private void tokenOfPod(String bound, String uid, String pod, Status.Code expected, String message)
            throws Exception {
        LocalTokenIssuer issuer = LocalTokenIssuer.create(new SecureRandom());
        open("30m", Map.of("flotilla.tokens.jwks-file", write(issuer.jwks())));
        String token =
                Tokens.of(issuer, "web-account", "istio-ca", Optional.of(new ServiceAccountToken.Pod(bound, uid)));
        try (WorldStream stream =
                new WorldStream(bearing(token), node(pod), Map.of("SERVICE_ACCOUNT", "web-account"))) {
            stream.ask(TypeUrls.CLUSTER);
            assertServedOr(stream, expected, message);
        }
    }

    @Test
    void aStreamEndsWithTheTokenThatOpenedIt() throws Exception {
        LocalTokenIssuer issuer = LocalTokenIssuer.create(new SecureRandom());
        open("30m", Map.of("flotilla.tokens.jwks-file", write(issuer.jwks())));
        // Whatever takes long the first time is behind us when the token is made that has not long to live.
        try (WorldStream good = new WorldStream(
                bearing(Tokens.of(issuer, "web-account", "istio-ca")), node("web-0.default"), Map.of())) {
            good.ask(TypeUrls.CLUSTER);
            assertThat(good.next().getResourcesCount()).isPositive();
        }
        // Over since a moment, and believed for as long as clocks may differ.
        Duration over = TokenPolicy.LEEWAY.minusSeconds(12);
        String token = Tokens.of(
                issuer,
                "web-account",
                "istio-ca",
                Optional.empty(),
                Instant.now().minus(over).minusSeconds(600));
        try (WorldStream stream = new WorldStream(bearing(token), node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.next().getResourcesCount()).isPositive();
            Status end = stream.end();
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(end.getDescription()).contains("credentials that are good");
        }
    }

    /** Over TLS, as whom a token names. */
    private ManagedChannel bearing(String token) {
        return NettyChannelBuilder.forAddress("127.0.0.1", ports.tls())
                .sslContext(MeshTls.anonymousClient(citadel.roots()))
                .overrideAuthority(PILOT)
                .intercept(Tokens.bearer(token))
                .build();
    }

    @Test
    void aTokenIsBelievedWhereItsIssuerIsAndNotOnAnyPort() throws Exception {
        LocalTokenIssuer issuer = LocalTokenIssuer.create(new SecureRandom());
        open("30m", Map.of("flotilla.tokens.jwks-file", write(issuer.jwks())));
        String forged = Tokens.of(LocalTokenIssuer.create(new SecureRandom()), "web-account", "istio-ca");
        ManagedChannel plaintext = NettyChannelBuilder.forAddress("127.0.0.1", ports.plaintext())
                .usePlaintext()
                .intercept(Tokens.bearer(forged))
                .build();
        try (WorldStream stream = new WorldStream(plaintext, node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertServedOr(stream, Status.Code.UNAUTHENTICATED, "is not in the key set");
        }
    }

    @Test
    void whereNoIssuerIsBelievedACertificateIsNeeded() throws Exception {
        open("30m");
        try (WorldStream stream = new WorldStream(bearing(""), node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    private String write(String jwks) throws IOException {
        return Files.writeString(folder.resolve("jwks.json"), jwks).toString();
    }

    @Test
    void withoutACertificateOrWithThatOfAnotherMeshNobodyIsServed() throws Exception {
        open("30m");
        TestCitadel other = new TestCitadel();
        try (WorldStream stream = new WorldStream(
                secure(other.service("default", "web-account", "x")), node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        } finally {
            other.close();
        }
        assertThat(xds.streams()).isEmpty();
    }

    @Test
    void inPlaintextOnThisMachineANodeIsTakenByItsWord() throws Exception {
        open("30m");
        try (WorldStream stream =
                new WorldStream(plaintext(), node("web-0.default"), Map.of("SERVICE_ACCOUNT", "anything"))) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.next().getResourcesCount()).isPositive();
        }
        try (WorldStream stream = new WorldStream(plaintext(), "no node", Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void aConnectionEndsAtItsAgeAndTheProxyIsServedOnTheNext() throws Exception {
        open("3s");
        ManagedChannel channel = plaintext();
        try (WorldStream stream = new WorldStream(channel, node("web-0.default"), Map.of())) {
            stream.ask(TypeUrls.CLUSTER);
            stream.next();
            assertThat(stream.end().getCode()).isNotEqualTo(Status.Code.OK);
            try (WorldStream next = new WorldStream(channel, node("web-0.default"), Map.of())) {
                next.ask(TypeUrls.CLUSTER);
                assertThat(next.next().getResourcesCount()).isPositive();
            }
        }
    }

    @Test
    void connectionsThatAreToldToGoAreNotUsedAgainAndTheOthersStay() throws Exception {
        open("30m");
        Rebalancing rebalancing = new Rebalancing(ports.connections(), xds, () -> 2, 1);
        List<ManagedChannel> channels =
                Stream.generate(this::plaintext).limit(3).toList();
        List<WorldStream> streams = new ArrayList<>();
        for (ManagedChannel channel : channels) {
            streams.add(served(channel));
        }
        Set<String> before = remotes();
        assertThat(before).hasSize(3);
        rebalancing.leave(2);
        Eventually.until(() -> streams.stream().filter(WorldStream::ended).count(), ended -> ended == 2);
        // The server's own list and count follow what clients see.
        Set<String> left = Eventually.get(this::remotes, now -> now.size() == 1);
        assertThat(left).hasSize(1);
        String stayed = left.iterator().next();
        for (ManagedChannel channel : channels) {
            streams.add(served(channel));
        }
        // Who stayed has its new stream on the same connection, the others theirs on new ones.
        assertThat(remotes()).hasSize(3).contains(stayed);
        assertThat(remotes().stream().filter(before::contains)).containsExactly(stayed);
        assertThat(Eventually.get(() -> ports.connections().count(), count -> count == 3))
                .isEqualTo(3);
        rebalancing.drain(100);
        assertThat(Eventually.get(() -> xds.streams().size(), open -> open == 0))
                .isZero();
        rebalancing.close();
        streams.forEach(WorldStream::close);
    }

    private static WorldStream served(ManagedChannel channel) throws Exception {
        WorldStream stream = new WorldStream(channel, node("web-0.default"), Map.of());
        stream.ask(TypeUrls.CLUSTER);
        assertThat(stream.next().getResourcesCount()).isPositive();
        return stream;
    }

    private Set<String> remotes() {
        return xds.streams().stream().map(stream -> stream.info().remote()).collect(Collectors.toSet());
    }
}
