package io.flotilla.galley.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.ConfigChange;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.View;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import io.flotilla.service.outbox.OutboxRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final String KEY = "VirtualService/default/a";
    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY, SourceName.KUBERNETES),
            ReadOptions.DEFAULT,
            RegistryOptions.DEFAULT,
            "istio-system",
            () -> 1_700_000_000_000L);
    private final Changes changes = new Changes("run-1");
    private @Nullable View before;

    private List<OutboxRecord> tell(SourceName source, String name, Optional<String> text) {
        Publisher.Outcome outcome = publisher.apply(source, Map.of(name, text), true);
        List<OutboxRecord> records = changes.records(before, outcome);
        before = outcome.held().view();
        return records;
    }

    private static Optional<String> route(String timeout, String annotation) {
        return Optional.of("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a, annotations: {%s}}
                spec: {hosts: [a], http: [{timeout: %s, route: [{destination: {host: a}}]}]}
                """.formatted(annotation, timeout));
    }

    private static ByteString value(List<OutboxRecord> records, Topic topic) {
        ByteString value = records.stream()
                .filter(record -> record.topic().equals(topic.text()))
                .findFirst()
                .orElseThrow()
                .value();
        if (value == null) {
            throw new AssertionError("a tombstone");
        }
        return value;
    }

    @Test
    void aChangeSaysWhatItWasBeforeAndWhoMadeIt() throws Exception {
        String first = ConfigChange.parseFrom(
                        value(tell(SourceName.DIRECTORY, "a.yaml", route("1s", "")), Topic.CONFIG))
                .getAfterVersion();
        List<OutboxRecord> records =
                tell(SourceName.DIRECTORY, "a.yaml", route("2s", "flotilla.io/changed-by: ann@example.org"));
        assertThat(records)
                .extracting(OutboxRecord::topic)
                .containsExactly("flotilla.config-log", "flotilla.config", "flotilla.audit");
        ConfigChange change = ConfigChange.parseFrom(value(records, Topic.CONFIG));
        assertThat(records.get(1).key()).isEqualTo(KEY);
        assertThat(change.getBeforeVersion()).isEqualTo(first).isNotEqualTo(change.getAfterVersion());
        assertThat(change.getWho()).isEqualTo("ann@example.org");
        assertThat(change.getSource()).isEqualTo("directory");
        assertThat(change.getWhen().getSeconds()).isEqualTo(1_700_000_000L);
        assertThat(change.getGeneration()).contains("directory=");
        assertThat(change.getObject().getMetadata().getVersion()).isEqualTo(change.getAfterVersion());
        AuditEvent audit = AuditEvent.parseFrom(value(records, Topic.AUDIT));
        assertThat(records.getLast().key()).isEqualTo("ann@example.org");
        assertThat(audit.getAction()).isEqualTo("config.changed");
        assertThat(audit.getObject()).isEqualTo("VirtualService default/a");
        assertThat(audit.getDetailsMap()).containsEntry("before-version", first).containsKey("after-version");
    }

    @Test
    void aDeletionIsATombstoneAndStaysInTheLog() throws Exception {
        tell(SourceName.DIRECTORY, "a.yaml", route("1s", ""));
        List<OutboxRecord> records = tell(SourceName.DIRECTORY, "a.yaml", Optional.empty());
        assertThat(records.get(1).topic()).isEqualTo("flotilla.config");
        assertThat(records.get(1).value()).isNull();
        ConfigChange change = ConfigChange.parseFrom(value(records, Topic.CONFIG_LOG));
        assertThat(change.hasObject()).isFalse();
        assertThat(change.getBeforeVersion()).isNotEmpty();
        assertThat(change.getAfterVersion()).isEmpty();
    }

    @Test
    void theClusterKnowsTheManagerOfTheNewestFields() throws Exception {
        String object = """
                {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "a",
                 "managedFields": [
                  {"manager": "kubectl-edit", "time": "2026-02-02T00:00:00Z"},
                  {"manager": "helm", "time": "2026-01-01T00:00:00Z"},
                  {"manager": "galley", "time": "2026-03-03T00:00:00Z", "subresource": "status"}]},
                 "spec": {"hosts": ["a"], "http": [{"route": [{"destination": {"host": "a"}}]}]}}
                """;
        ConfigChange change = ConfigChange.parseFrom(
                value(tell(SourceName.KUBERNETES, "kubernetes/a", Optional.of(object)), Topic.CONFIG));
        assertThat(change.getWho()).isEqualTo("kubectl-edit");
        assertThat(change.getSource()).isEqualTo("kubernetes");
    }

    @Test
    void endpointsHaveALogOfTheirOwn() {
        List<OutboxRecord> records = tell(SourceName.DIRECTORY, "pod.yaml", Optional.of("""
                apiVersion: v1
                kind: Pod
                metadata: {name: a-0, labels: {app: a}}
                spec: {containers: [{name: app, image: a}]}
                status: {podIP: 10.44.0.9, podIPs: [{ip: 10.44.0.9}], conditions: [{type: Ready, status: "True"}]}
                """));
        assertThat(records)
                .filteredOn(record -> record.key().startsWith("Workload/"))
                .extracting(OutboxRecord::topic)
                .containsExactly("flotilla.endpoint-log");
        assertThat(records).extracting(OutboxRecord::topic).doesNotContain("flotilla.config", "flotilla.audit");
    }
}
