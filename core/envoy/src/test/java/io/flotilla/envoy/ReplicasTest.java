package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas of a StatefulSet share everything, until some object selects one of them. */
class ReplicasTest {
    private static final String LABEL = "statefulset.kubernetes.io/pod-name";

    private static ProxyView view(String pod, MeshSnapshot mesh) {
        Proxy.Parsed parsed = Proxy.parse(Proxies.node(
                "sidecar~10.44.0.9~" + pod + ".default~default.svc.cluster.local",
                "web",
                Map.of("app", "web", LABEL, pod)));
        return ProxyView.of(((Proxy.Parsed.Accepted) parsed).proxy(), mesh);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "security.istio.io/v1|PeerAuthentication|default|selector: {matchLabels: {%s}}, mtls: {mode: STRICT}",
                "security.istio.io/v1|AuthorizationPolicy|default|selector: {matchLabels: {%s}}",
                "security.istio.io/v1|RequestAuthentication|istio-system|selector: {matchLabels: {%s}}",
                "telemetry.istio.io/v1|Telemetry|default|selector: {matchLabels: {%s}}",
                "extensions.istio.io/v1alpha1|WasmPlugin|default|selector: {matchLabels: {%s}}, url: 'https://a/b'",
                "networking.istio.io/v1alpha3|EnvoyFilter|istio-system|workloadSelector: {labels: {%s}}, configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {connect_timeout: 1s}}}]",
                "networking.istio.io/v1|Sidecar|default|workloadSelector: {labels: {%s}}, egress: [{hosts: ['./*']}]",
                "networking.istio.io/v1|DestinationRule|default|host: web, workloadSelector: {matchLabels: {%s}}",
                "networking.istio.io/v1|Gateway|other|selector: {%s}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]"
            })
    void oneReplicaMayBeSelected(String version, String kind, String namespace, String spec) {
        MeshSnapshot mesh = MeshFiles.of("{apiVersion: %s, kind: %s, metadata: {name: one, namespace: %s}, spec: {%s}}"
                .formatted(version, kind, namespace, spec.formatted(LABEL + ": web-0")));
        assertThat(view("web-0", mesh).labels()).containsEntry(LABEL, "web-0");
        assertThat(view("web-1", mesh).labels()).doesNotContainKey(LABEL);
        assertThat(mesh.selectsReplicas()).isTrue();
        MeshSnapshot none = SnapshotBuilder.empty(MeshSettings.defaults());
        assertThat(view("web-0", none)).isEqualTo(view("web-1", none));
    }
}
