package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.policy.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to recorded telemetry: what is said where there is none, and how records are grouped. */
class RecordedTelemetryTest {
    private static final String POLICY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: refuse, namespace: shop}
            spec: {action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}
            """;

    @TempDir
    private Path folder;

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }

    private static String nowhere() {
        return "127.0.0.1:" + FreePort.next();
    }

    @Test
    void withoutKafkaNothingCanBeSaid() throws IOException {
        String kafka = nowhere();
        CommandRun ready = run("mtls", "readiness", "--kafka", kafka);
        assertThat(ready.exit()).isEqualTo(2);
        assertThat(ready.err())
                .contains("no telemetry can be read from Kafka at " + kafka, "--kafka HOST:PORT asks another one");
        assertThat(ready.out()).isEmpty();
        CommandRun audit = run("audit", "--kafka", kafka);
        assertThat(audit.exit()).isEqualTo(2);
        assertThat(audit.err()).contains("no audit can be read from Kafka at " + kafka);
    }

    @Test
    void whatIsNoPolicyIsRefusedBeforeAnythingIsRead() throws IOException {
        Path service = Files.writeString(folder.resolve("service.yaml"), """
                apiVersion: v1
                kind: Service
                metadata: {name: cart}
                spec: {ports: [{port: 80}]}
                """);
        CommandRun run = run("authz", "replay", "-f", service.toString(), "--kafka", nowhere());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("says nothing of who may call");
        assertThat(run("mtls", "readiness", "--since", "soon", "--kafka", nowhere())
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void recordsThatAreAlikeAreOneLine() {
        MeshFolder now = MeshFolder.read(Map.of("mesh.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
                """));
        ReplayTotals totals = new ReplayTotals(
                new Replay(
                        now.snapshot(),
                        SnapshotBuilder.update(
                                now.snapshot(),
                                MeshFolder.read(Map.of("policy.yaml", POLICY)).objects(),
                                List.of()),
                        peer -> Optional.of(new Guarded("shop", "cart", Map.of("app", "cart")))),
                Instant.EPOCH);
        totals.take(record("DELETE", "/1"));
        totals.take(record("DELETE", "/1"));
        totals.take(record("DELETE", "/2"));
        totals.take(record("GET", "/1"));

        assertThat(totals.judged()).isEqualTo(4);
        assertThat(totals.changes())
                .extracting(change -> change.group().path() + " " + change.times())
                .containsExactly("/1 2", "/2 1");
        assertThat(totals.changes().getFirst().group().denied()).isTrue();
        assertThat(totals.changes().getFirst().group().source()).isEqualTo("web/ui-v1");
    }

    private static RequestRecord record(String method, String path) {
        return RequestRecord.newBuilder()
                .setType(RecordType.HTTP)
                .setReporter(Reporter.DESTINATION)
                .setSource(Peer.newBuilder().setNamespace("web").setWorkload("ui-v1"))
                .setDestination(Peer.newBuilder().setNamespace("shop").setAddress("10.44.0.9:8080"))
                .setHttp(HttpRequest.newBuilder().setMethod(method).setPath(path))
                .build();
    }
}
