package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.fixtures.identity.SigningCitadel;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.flotilla.identity.SpiffeId;
import io.flotilla.mixer.audit.AuditTrail;
import io.flotilla.mixer.audit.AwayMixer;
import io.flotilla.mixer.kafka.AuditTopic;
import io.flotilla.mixer.kafka.RequestTopic;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.MeshTls;
import io.flotilla.telemetry.audit.RequestKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who did what, by a real Envoy and a real Kafka: before the answer where a policy wants it, else from access logs. */
@QuarkusTest
@QuarkusTestResource(value = BrokerResource.class, restrictToAnnotatedClass = true)
class AuditQuarkusTest {
    private static final SigningCitadel CITADEL = new SigningCitadel(0, "istio-mixer-service-account");
    private static final SpiffeId CLIENT = SpiffeId.of("cluster.local", "default", "client");
    private static final SpiffeId OTHER = SpiffeId.of("cluster.local", "default", "other");
    private static final CurrentIdentity SERVER =
            CITADEL.identity(SpiffeId.of("cluster.local", "default", "server"), List.of());
    private static final CurrentIdentity AS_CLIENT = CITADEL.identity(CLIENT, List.of());
    private static final CurrentIdentity AS_OTHER = CITADEL.identity(OTHER, List.of());

    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    KafkaBroker broker;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    @Inject
    Endpoints endpoints;

    private final int http = FreePort.next();
    private final int tcp = FreePort.next();

    @AfterAll
    static void stop() {
        CITADEL.close();
    }

    private EnvoyRun envoy(int mixer) throws IOException {
        return envoy(Files.readString(Path.of("src/test/resources/audit/mesh.yaml")), mixer);
    }

    private EnvoyRun envoy(String text, int mixer) throws IOException {
        String mesh = text.replace("$HTTP", Integer.toString(http)).replace("$TCP", Integer.toString(tcp));
        EnvoyRun envoy = new AuditedEnvoy(mesh, mixer)
                .serve("inbound|" + http + "||mtls-http", http, SERVER.required())
                .serve("inbound|" + tcp + "||mtls-tcp", tcp, SERVER.required())
                .application("inbound|" + tcp + "||", management.getPort())
                .start(Path.of("target", "audited").toAbsolutePath());
        Eventually.get(() -> listens(http), listening -> listening || !envoy.isRunning());
        return envoy;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int status(CurrentIdentity client, int port, String path) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(
                    new KeyManager[] {MeshTls.keyManager(client)},
                    new TrustManager[] {MeshTls.trust(client.required().roots())},
                    null);
            try (Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", port)) {
                socket.getOutputStream()
                        .write(("GET " + path + "?q=1 HTTP/1.1\r\nHost: server\r\nConnection: close\r\n"
                                        + "User-Agent: test\r\nAuthorization: Basic c2VjcmV0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // Not to the end: Envoy waits for the client to close.
                String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private long ledger(String what) {
        return new JsonObject(Scrape.get(management.getPort(), "/debug/ledger").body())
                .getJsonObject("audit")
                .getLong(what);
    }

    private static AuditEvent only(List<AuditEvent> events) {
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    /** Kept before the answer: by Kafka, or where that took longer than Mixer's patience on its disk, and by Kafka later. */
    private AuditEvent kept(AuditTopic audit, CurrentIdentity client, String path, int answer) {
        long before = ledger("confirmed") + ledger("spooled");
        assertThat(status(client, http, path)).isEqualTo(answer);
        assertThat(ledger("confirmed") + ledger("spooled")).isEqualTo(before + 1);
        return only(Eventually.get(() -> audit.of(path), events -> !events.isEmpty()));
    }

    @Test
    void whatAPolicyWatchesIsOnRecordBeforeTheAnswer() throws IOException {
        try (EnvoyRun envoy = envoy(endpoints.telemetryPort())) {
            try (AuditTopic audit = new AuditTopic(broker.bootstrapServers())) {
                AuditEvent allowed = kept(audit, AS_CLIENT, "/watched/a", 200);
                assertThat(allowed.getAction()).isEqualTo("request.allowed");
                assertThat(allowed.getActor()).isEqualTo(CLIENT.uri());
                assertThat(allowed.getWhen().getSeconds()).isPositive();
                assertThat(allowed.getDetailsMap())
                        .containsEntry("recorded", "before-answer")
                        .containsEntry("audited-by", "ns[default]-policy[watch]-rule[0]")
                        .containsEntry("policy", "ns[default]-policy[callers]-rule[0]")
                        .containsEntry("method", "GET")
                        .containsEntry("host", "server")
                        .containsEntry("destination-pod", "default/server-v1-0")
                        .doesNotContainKey("denied-by");

                AuditEvent refused = kept(audit, AS_CLIENT, "/watched/secret", 403);
                assertThat(refused.getAction()).isEqualTo("request.denied");
                assertThat(refused.getDetailsMap())
                        .containsEntry("denied-by", "rbac")
                        .containsEntry("policy", "ns[default]-policy[refuse]-rule[0]");

                AuditEvent unpermitted = kept(audit, AS_OTHER, "/watched/b", 403);
                assertThat(unpermitted.getActor()).isEqualTo(OTHER.uri());
                assertThat(unpermitted.getDetailsMap())
                        .containsEntry("denied-by", "rbac")
                        .doesNotContainKey("policy");

                assertThat(kept(audit, AS_CLIENT, "/kept", 200).getDetailsMap())
                        .containsEntry("audited-by", "ns[default]-policy[keep]-rule[0]");
                assertThat(status(AS_CLIENT, http, "/plain")).isEqualTo(200);
                isOnRecordLater(audit);
            }
            theAccessLogHasTheSameKey(record -> record.getHttp().getPath().equals("/watched/a"), "/watched/a");
            assertThat(envoy.isRunning()).isTrue();
        }
    }

    private void theAccessLogHasTheSameKey(Predicate<RequestRecord> wanted, String path) throws IOException {
        try (RequestTopic topic = new RequestTopic(broker.bootstrapServers());
                AuditTopic audit = new AuditTopic(broker.bootstrapServers())) {
            Set<String> logged = Eventually.get(
                    () -> topic.recordsOf("default/server-v1-0").stream()
                            .filter(record ->
                                    wanted.test(record) && record.getDecision().getRecorded())
                            .map(record -> RequestKey.of(record).orElse("none"))
                            .collect(Collectors.toSet()),
                    keys -> !keys.isEmpty());
            assertThat(audit.of(path))
                    .filteredOn(event -> logged.contains(event.getDetailsOrThrow("request-key")))
                    .hasSize(1);
        }
    }

    private void isOnRecordLater(AuditTopic audit) {
        assertThat(status(AS_CLIENT, http, "/secret")).isEqualTo(403);
        assertThat(status(AS_OTHER, http, "/")).isEqualTo(403);
        assertThat(status(AS_CLIENT, http, "/tried")).isEqualTo(200);
        AuditEvent refused = only(Eventually.get(() -> audit.of("/secret"), events -> !events.isEmpty()));
        assertThat(refused.getAction()).isEqualTo("request.denied");
        assertThat(refused.getActor()).isEqualTo(CLIENT.uri());
        assertThat(refused.getDetailsMap())
                .containsEntry("recorded", "access-log")
                .containsEntry("denied-by", "rbac")
                .containsEntry("policy", "ns[default]-policy[refuse]-rule[0]")
                .containsEntry("destination", "default/server-v1")
                .containsEntry("response-code", "403")
                .containsKey("fingerprint");
        AuditEvent unpermitted = only(Eventually.get(() -> audit.of("/"), events -> !events.isEmpty()));
        assertThat(unpermitted.getDetailsMap()).doesNotContainKey("policy");
        AuditEvent tried = only(Eventually.get(() -> audit.of("/tried"), events -> !events.isEmpty()));
        assertThat(tried.getAction()).isEqualTo("request.dry-run-denied");
        assertThat(tried.getDetailsMap()).containsEntry("tried-policy", "ns[default]-policy[tried]-rule[0]");
        // All of them came after those, and have no second event.
        assertThat(audit.of("/plain")).isEmpty();
        assertThat(audit.of("/watched/a")).hasSize(1);
        assertThat(audit.of("/watched/secret")).hasSize(1);
    }

    @Test
    void withoutAuditTheRecordNamesTheRuleThatPermitted() throws IOException {
        String mesh = Stream.of(Files.readString(Path.of("src/test/resources/audit/mesh.yaml"))
                        .split("---\n", -1))
                .filter(document -> !document.contains("action: AUDIT") && !document.contains("action: CUSTOM"))
                .collect(Collectors.joining("---\n"));
        try (EnvoyRun envoy = envoy(mesh, endpoints.telemetryPort());
                RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            assertThat(status(AS_CLIENT, http, "/unwatched")).isEqualTo(200);
            Decision decision = Eventually.get(
                            () -> topic.recordsOf("default/server-v1-0").stream()
                                    .filter(record -> record.getHttp().getPath().equals("/unwatched"))
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow()
                    .getDecision();
            assertThat(decision.getVerdict()).isEqualTo(Decision.Verdict.ALLOWED);
            assertThat(decision.getPolicy()).isEqualTo("ns[default]-policy[callers]-rule[0]");
            assertThat(envoy.isRunning()).isTrue();
        }
    }

    @Test
    void whatAGatewayRecordedCanBeReplayed() throws Exception {
        String open = Files.readString(Path.of("src/test/resources/audit/gateway.yaml"))
                .replace("$EDGE", Integer.toString(http));
        String closed = open + EdgeReplay.policy("closed", "{to: [{operation: {paths: [\"/edge/closed*\"]}}]}");
        try (EnvoyRun envoy = AuditedEnvoy.gateway(closed, endpoints.telemetryPort(), http)
                        .start(Path.of("target", "audited-edge").toAbsolutePath());
                RequestTopic topic = new RequestTopic(broker.bootstrapServers())) {
            Eventually.get(() -> listens(http), listening -> listening || !envoy.isRunning());
            assertThat(EdgeReplay.get(http, "/edge/closed")).isEqualTo(403);
            assertThat(EdgeReplay.get(http, "/edge/open")).isEqualTo(200);
            assertThat(EdgeReplay.get(http, "/edge/next")).isEqualTo(200);
            List<RequestRecord> records = Eventually.get(
                    () -> topic.recordsOf("istio-system/istio-ingressgateway-0").stream()
                            .filter(record -> record.getHttp().getPath().startsWith("/edge/"))
                            .toList(),
                    all -> all.size() >= 3);
            assertThat(records).hasSize(3).allMatch(RequestRecord::getGateway);

            assertThat(EdgeReplay.changes(records, closed, open)).isEqualTo(Map.of("/edge/closed", false));
            String stricter = closed + EdgeReplay.policy("next", "{to: [{operation: {paths: [\"/edge/next\"]}}]}");
            assertThat(EdgeReplay.changes(records, closed, stricter)).isEqualTo(Map.of("/edge/next", true));
            String here = "{from: [{source: {remoteIpBlocks: [" + EdgeReplay.CLIENT + "], ipBlocks: ["
                    + EdgeReplay.CLIENT + "]}}],"
                    + " to: [{operation: {ports: [\"" + http + "\"], methods: [GET]}}]}";
            assertThat(EdgeReplay.changes(records, closed, closed + EdgeReplay.policy("here", here)))
                    .isEqualTo(Map.of("/edge/next", true, "/edge/open", true));
            String elsewhere = here.replace(EdgeReplay.CLIENT, "127.0.0.1");
            assertThat(EdgeReplay.changes(records, closed, closed + EdgeReplay.policy("elsewhere", elsewhere)))
                    .isEmpty();
        }
    }

    @Test
    void connectionsAreOnRecordToo() throws IOException {
        try (EnvoyRun envoy = envoy(endpoints.telemetryPort())) {
            assertThat(status(AS_CLIENT, tcp, "/health/live")).isEqualTo(200);
            try (AuditTopic audit = new AuditTopic(broker.bootstrapServers())) {
                List<AuditEvent> allowed = connections(audit, "connection.allowed");
                assertThat(only(allowed).getActor()).isEqualTo(CLIENT.uri());
                assertThat(only(allowed).getDetailsMap())
                        .containsKey("request-key")
                        .containsEntry("audited-by", "ns[default]-policy[watch]-rule[1]")
                        .containsEntry("policy", "ns[default]-policy[callers]-rule[0]")
                        .containsEntry("destination-pod", "default/server-v1-0");

                theAccessLogHasTheSameKey(
                        record -> record.getType() == RecordType.TCP_CLOSE
                                && record.getSource().getPrincipal().equals(CLIENT.uri()),
                        "");
                assertThat(status(AS_OTHER, tcp, "/health/live")).isZero();
                List<AuditEvent> refused = connections(audit, "connection.denied");
                assertThat(refused.getFirst().getActor()).isEqualTo(OTHER.uri());
                assertThat(refused.getFirst().getDetailsMap()).containsEntry("recorded", "before-answer");
            }
            assertThat(envoy.isRunning()).isTrue();
        }
    }

    private static List<AuditEvent> connections(AuditTopic audit, String action) {
        return Eventually.get(
                () -> audit.of("").stream()
                        .filter(event -> event.getAction().equals(action))
                        .toList(),
                events -> !events.isEmpty());
    }

    @Test
    void whileKafkaIsAwayTheDiskHasIt() throws IOException {
        try (EnvoyRun envoy = envoy(endpoints.telemetryPort())) {
            assertThat(status(AS_CLIENT, http, "/watched/before")).isEqualTo(200);
            long spooled = ledger("spooled");
            broker.kill();
            assertThat(status(AS_CLIENT, http, "/watched/meanwhile")).isEqualTo(200);
            assertThat(status(AS_CLIENT, http, "/watched/secret/meanwhile")).isEqualTo(200);
            assertThat(ledger("spooled")).isEqualTo(spooled + 2);
            assertThat(ledger("waitingBytes")).isGreaterThan(200);
            List<String> asked = new ArrayList<>();
            asked("/watched/order/away/", 5, asked);
            broker.start();
            // Some of these come while the others are on their way to Kafka.
            long confirmed = ledger("confirmed");
            Eventually.get(
                    () -> {
                        asked("/watched/order/back/" + asked.size() + "/", 1, asked);
                        return ledger("confirmed");
                    },
                    count -> count > confirmed);
            try (AuditTopic audit = new AuditTopic(broker.bootstrapServers())) {
                assertThat(audit.of("/watched/meanwhile")).isNotEmpty();
                assertThat(audit.of("/watched/secret/meanwhile")).isNotEmpty();
                assertThat(audit.paths(CLIENT.uri(), "/watched/order/")).containsExactlyElementsOf(asked);
            }
            assertThat(envoy.isRunning()).isTrue();
        }
    }

    private void asked(String path, int times, List<String> asked) {
        for (int i = 0; i < times; i++) {
            assertThat(status(AS_CLIENT, http, path + i)).isEqualTo(200);
            asked.add(path + i);
        }
    }

    private static long refusedWithoutKafka(AwayMixer mixer) {
        return mixer.totals().refused().getOrDefault(AuditTrail.Refusal.KAFKA_AWAY, 0L);
    }

    @Test
    void whileKafkaIsAwayASettingRefusesOrPermits() throws IOException {
        try (AwayMixer refusing = AwayMixer.refusing(broker.bootstrapServers())) {
            try (EnvoyRun envoy = envoy(refusing.port())) {
                // The first has Mixer connect to Kafka, which may take longer than its patience.
                Eventually.get(() -> status(AS_CLIENT, http, "/watched/kept"), status -> status == 200);
                long before = refusedWithoutKafka(refusing);
                broker.kill();
                assertThat(status(AS_CLIENT, http, "/watched/refused")).isEqualTo(503);
                assertThat(status(AS_CLIENT, http, "/glanced/refused"))
                        .as("its policy says that it may go on")
                        .isEqualTo(200);
                assertThat(status(AS_CLIENT, http, "/plain")).isEqualTo(200);
                assertThat(refusedWithoutKafka(refusing)).isEqualTo(before + 2);
                assertThat(envoy.isRunning()).isTrue();
            }
            try (AwayMixer permitting = AwayMixer.permitting(broker.bootstrapServers());
                    EnvoyRun envoy = envoy(permitting.port())) {
                assertThat(status(AS_CLIENT, http, "/watched/permitted")).isEqualTo(200);
                assertThat(permitting.totals().permitted()).isEqualTo(1);
                assertThat(envoy.isRunning()).isTrue();
            }
            broker.start();
            try (EnvoyRun envoy = envoy(refusing.port())) {
                Eventually.get(() -> status(AS_CLIENT, http, "/watched/again"), status -> status == 200);
                assertThat(envoy.isRunning()).isTrue();
            }
            try (AuditTopic audit = new AuditTopic(broker.bootstrapServers())) {
                assertThat(audit.of("/watched/again")).isNotEmpty();
            }
        }
    }

    @Test
    void withoutMixerWhatMustBeOnRecordIsRefused() throws IOException {
        try (EnvoyRun envoy = envoy(FreePort.next())) {
            assertThat(status(AS_CLIENT, http, "/watched/a")).isEqualTo(503);
            assertThat(status(AS_CLIENT, http, "/kept")).isEqualTo(503);
            assertThat(status(AS_CLIENT, http, "/glanced")).isEqualTo(200);
            assertThat(status(AS_CLIENT, http, "/plain")).isEqualTo(200);
            assertThat(status(AS_CLIENT, tcp, "/health/live")).isZero();
            assertThat(envoy.isRunning()).isTrue();
        }
    }
}
