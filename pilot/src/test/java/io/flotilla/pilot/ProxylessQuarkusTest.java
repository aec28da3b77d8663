package io.flotilla.pilot;

import static io.flotilla.pilot.world.Proxyless.channel;
import static io.flotilla.pilot.world.Proxyless.pod;
import static io.flotilla.pilot.world.Proxyless.rule;
import static io.flotilla.pilot.world.Proxyless.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.server.TypeStatus;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.NamedServer;
import io.flotilla.pilot.world.Proxyless;
import io.flotilla.pilot.world.World;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.xds.XdsServerBuilder;
import io.grpc.xds.XdsServerCredentials;
import io.netty.handler.ssl.SslContext;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** grpc-java's own xDS client, as it is published, finds services through Pilot. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class ProxylessQuarkusTest {
    private static final int PORT = 29_060;
    private static final int SECURE_PORT = 29_061;
    private static final String SUBSETS = rule("names", """
          subsets:
          - {name: v1, labels: {version: v1}}
          - {name: v2, labels: {version: v2}}
        """);

    @TempDir
    private static Path directory;

    private static final List<AutoCloseable> RUNNING = new ArrayList<>();
    private static World world;

    @BeforeAll
    static void begin() throws Exception {
        world = new World();
        world.galley()
                .publish(
                        "pods.yaml",
                        pod("names-v1", "names", "127.46.8.1", "v1")
                                + pod("names-v2", "names", "127.46.8.2", "v2")
                                + pod("safe-v1", "safe", "127.46.8.3", "v1")
                                + service("names", "names", PORT)
                                + service("safe", "safe", SECURE_PORT)
                                + service("other", "safe", SECURE_PORT));
        RUNNING.add(new NamedServer("v1", "127.46.8.1", PORT, null));
        RUNNING.add(new NamedServer("v2", "127.46.8.2", PORT, null));
        SslContext server = world.citadel().nettyServer("spiffe://cluster.local/ns/default/sa/safe");
        RUNNING.add(new NamedServer("safe", "127.46.8.3", SECURE_PORT, server));
        Proxyless.start(world);
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable each : RUNNING) {
            each.close();
        }
        world.close();
    }

    @Test
    void weightsSubsetsAndHeadersOfAVirtualServiceHold() throws Exception {
        world.galley().publish("rules.yaml", "");
        ManagedChannel channel = channel("names.default.svc.cluster.local:" + PORT);
        try {
            // Whichever it has a connection to first answers alone at first.
            assertThat(Eventually.get(() -> answers(channel, 20), counts -> counts.size() == 2))
                    .containsOnlyKeys("v1", "v2");

            world.galley().publish("rules.yaml", SUBSETS + weights(100, 0));
            Eventually.until(
                    () -> answers(channel, 20), counts -> counts.keySet().equals(Set.of("v1")));
            assertThat(answers(channel, 40)).containsOnlyKeys("v1");
            assertThat(NamedServer.ask(channel, Map.of("x-tester", "yes"), 20)).isEqualTo("v2");

            world.galley().publish("rules.yaml", SUBSETS + weights(20, 80));
            Eventually.until(() -> answers(channel, 10), counts -> counts.containsKey("v2"));
            // 400 calls at 20 %: six standard deviations around 80 are 32 to 128.
            Map<String, Integer> shares = answers(channel, 400);
            assertThat(shares.get("v1")).isBetween(32, 128);
            assertThat(shares).containsOnlyKeys("v1", "v2");
            assertThat(refused()).isEmpty();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aShortNameLeadsToTheServiceOfTheCallersNamespace() {
        ManagedChannel channel = channel("names:" + PORT);
        try {
            assertThat(NamedServer.ask(channel, Map.of("x-tester", "yes"), 20)).isIn("v1", "v2");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void mutualTlsIsSpokenWhereARuleSaysSo() throws Exception {
        world.galley().publish("tls.yaml", rule("safe", "  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n"));
        ManagedChannel channel = channel("safe.default.svc.cluster.local:" + SECURE_PORT);
        try {
            assertThat(Eventually.get(() -> ask(channel), "safe"::equals)).isEqualTo("safe");
            assertThat(refused()).isEmpty();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aServerWithAnotherIdentityIsNotTalkedTo() throws Exception {
        world.galley()
                .publish(
                        "other.yaml",
                        rule(
                                "other",
                                "  trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames:"
                                        + " [\"spiffe://cluster.local/ns/default/sa/other\"]}}\n"));
        ManagedChannel channel = channel("other.default.svc.cluster.local:" + SECURE_PORT);
        try {
            String answer = Eventually.get(() -> ask(channel), text -> text.contains("SSLHandshakeException"));
            assertThat(answer).startsWith("UNAVAILABLE").contains("SSLHandshakeException");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aServerTakesMeshTlsAndPlaintextAndCarriesOutPoliciesAsThePilotSays() throws Exception {
        int port = FreePort.next();
        world.galley().publish("greeter.yaml", greeter(port));
        Server greeter = XdsServerBuilder.forPort(port, XdsServerCredentials.create(InsecureServerCredentials.create()))
                .overrideBootstrapForTest(serverBootstrap())
                .addService(NamedServer.service("greeter"))
                .build();
        RUNNING.add(greeter::shutdownNow);
        greeter.start();
        ManagedChannel channel = channel("greeter.default.svc.cluster.local:" + port);
        ManagedChannel plain = Grpc.newChannelBuilder("127.46.8.4:" + port, InsecureChannelCredentials.create())
                .build();
        try {
            // Permissive, and the pod says that it speaks mesh TLS.
            assertThat(Eventually.get(() -> ask(channel), "greeter"::equals)).isEqualTo("greeter");
            assertThat(ask(plain)).startsWith("UNAVAILABLE");

            world.galley().publish("policy.yaml", policy("DENY", "cluster.local/ns/default/sa/client"));
            assertThat(Eventually.get(() -> ask(channel), text -> text.startsWith("PERMISSION_DENIED")))
                    .startsWith("PERMISSION_DENIED");
            world.galley().publish("policy.yaml", policy("ALLOW", "cluster.local/ns/default/sa/client"));
            assertThat(Eventually.get(() -> ask(channel), "greeter"::equals)).isEqualTo("greeter");
            world.galley().publish("policy.yaml", policy("ALLOW", "cluster.local/ns/default/sa/other"));
            assertThat(Eventually.get(() -> ask(channel), text -> text.startsWith("PERMISSION_DENIED")))
                    .startsWith("PERMISSION_DENIED");
            world.galley().publish("policy.yaml", "");

            world.galley().publish("peers.yaml", """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: greeter, namespace: default}
                spec: {selector: {matchLabels: {app: greeter}}, mtls: {mode: DISABLE}}
                """);
            assertThat(Eventually.get(() -> ask(plain), "greeter"::equals)).isEqualTo("greeter");
            assertThat(refused()).isEmpty();
        } finally {
            channel.shutdownNow();
            plain.shutdownNow();
        }
    }

    private static String greeter(int port) {
        return pod("greeter-0", "greeter", "127.46.8.4", "v1")
                        .replace("app: greeter,", "app: greeter, security.istio.io/tlsMode: istio,")
                + service("greeter", "greeter", port)
                + rule("greeter", "  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n");
    }

    private static String policy(String action, String principal) {
        return """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: greeter, namespace: default}
            spec:
              selector: {matchLabels: {app: greeter}}
              action: %s
              rules:
              - from: [{source: {principals: ["%s"]}}]
                to: [{operation: {hosts: ["*.svc.cluster.local"], methods: [POST], paths: ["/test.Names/*"]}}]
            """.formatted(action, principal);
    }

    // The pod's own, as it would be in another process.
    private static Map<String, ?> serverBootstrap() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("greeter"));
        world.citadel().write(keys, "spiffe://cluster.local/ns/default/sa/greeter");
        Map<String, ?> files = Map.of(
                "certificate_file", keys.resolve("chain.pem").toString(),
                "private_key_file", keys.resolve("key.pem").toString(),
                "ca_certificate_file", keys.resolve("root.pem").toString(),
                "refresh_interval", "900s");
        return Map.of(
                "xds_servers",
                List.of(Map.of(
                        "server_uri",
                        "127.0.0.1:" + ConfigProvider.getConfig().getValue("flotilla.port", Integer.class),
                        "channel_creds",
                        List.of(Map.of("type", "insecure")),
                        "server_features",
                        List.of("xds_v3"))),
                "node",
                Map.of(
                        "id",
                        "sidecar~127.46.8.4~greeter-0.default~default.svc.cluster.local",
                        "metadata",
                        Map.of("GENERATOR", "grpc", "SERVICE_ACCOUNT", "greeter")),
                "server_listener_resource_name_template",
                "xds.istio.io/grpc/lds/inbound/%s",
                "certificate_providers",
                Map.of("default", Map.of("plugin_name", "file_watcher", "config", files)));
    }

    private static String ask(ManagedChannel channel) {
        try {
            return NamedServer.ask(channel, Map.of(), 20);
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + " " + e.getCause();
        }
    }

    private static Map<String, Integer> answers(ManagedChannel channel, int calls) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            counts.merge(NamedServer.ask(channel, Map.of(), 20), 1, Integer::sum);
        }
        return counts;
    }

    private static List<String> refused() {
        Pilot pilot = CDI.current().select(Pilot.class).get();
        return pilot.server().streams().stream()
                .flatMap(stream -> stream.types().stream())
                .map(TypeStatus::message)
                .filter(message -> !message.isEmpty())
                .toList();
    }

    private static String weights(int first, int second) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: names, namespace: default}
            spec:
              hosts: [names]
              http:
              - match: [{headers: {x-tester: {exact: "yes"}}}]
                route: [{destination: {host: names, subset: v2}}]
              - timeout: 15s
                route:
                - {destination: {host: names, subset: v1}, weight: %d}
                - {destination: {host: names, subset: v2}, weight: %d}
            """.formatted(first, second);
    }
}
