package io.flotilla.envoy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which Telemetry holds for a proxy. */
class ObservationsTest {
    private static final String MESH = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                accessLogFile: /dev/stdout
                extensionProviders:
                - {name: other, envoyFileAccessLog: {path: /dev/stderr}}
                - {name: zipkin, zipkin: {service: zipkin.example.com, port: 9411}}
            """;

    private static Scope scope(String... telemetry) {
        StringBuilder yaml = new StringBuilder(MESH);
        for (int i = 0; i < telemetry.length; i++) {
            yaml.append("---\napiVersion: telemetry.istio.io/v1\nkind: Telemetry\n")
                    .append(telemetry[i]);
        }
        MeshSnapshot mesh = MeshFiles.of(yaml.toString());
        return new Scope(
                mesh,
                Proxies.sidecar("web", "v1"),
                PeerIdentities.ofEndpoints(),
                Scope.Caches.none(),
                Tuning.defaults());
    }

    private static List<String> logs(boolean server, String... telemetry) {
        return Observations.of(scope(telemetry), server).logs().stream()
                .map(log -> log.provider().getName() + log.filter())
                .toList();
    }

    private static String object(String namespace, String name, String spec) {
        return "metadata: {name: " + name + ", namespace: " + namespace + "}\nspec: {" + spec + "}\n";
    }

    @Test
    void theMeshsFileHoldsUntilATelemetryNamesProviders() {
        assertThat(logs(true)).containsExactly("envoy");
        assertThat(logs(true, object("istio-system", "mesh", "accessLogging: [{providers: [{name: other}]}]")))
                .containsExactly("other");
    }

    @Test
    void aLowerLevelTurnsOffOrFiltersWhatAHigherOneNamed() {
        String mesh = object("istio-system", "mesh", "accessLogging: [{providers: [{name: other}, {name: envoy}]}]");
        assertThat(logs(false, mesh, object("default", "all", "accessLogging: [{disabled: true}]")))
                .isEmpty();
        assertThat(logs(
                        false,
                        mesh,
                        object("default", "all", "accessLogging: [{filter: {expression: response.code == 500}}]")))
                .containsExactlyInAnyOrder("envoyresponse.code == 500", "otherresponse.code == 500");
        String server = object("default", "all", "accessLogging: [{match: {mode: SERVER}, disabled: true}]");
        assertThat(logs(true, mesh, server)).isEmpty();
        assertThat(logs(false, mesh, server)).containsExactlyInAnyOrder("other", "envoy");
    }

    @Test
    void theWorkloadsOwnHasTheLastWordAndOthersDoNotMatter() {
        String own = object(
                "default",
                "web",
                "selector: {matchLabels: {app: web}}, tracing: [{providers: [{name: zipkin}], randomSamplingPercentage: 40}]");
        String other = object(
                "default", "aside", "selector: {matchLabels: {app: db}}, tracing: [{disableSpanReporting: true}]");
        Observation.Trace trace = Observations.of(scope(own, other), false).tracing();
        assertThat(trace.sampling()).hasValue(40.0);
        assertThat(trace.off()).isFalse();
        assertThat(trace.provider()).isPresent();
    }

    @Test
    void whatChangesNothingIsSaid() {
        String metrics = object("default", "all", "metrics: [{overrides: [{disabled: true}]}]");
        String unknown = object("istio-system", "mesh", "tracing: [{providers: [{name: nobody}]}]");
        assertThat(Observations.problems(scope(metrics, unknown)))
                .extracting(Object::toString)
                .containsExactly(
                        "Telemetry istio-system/mesh: spec: provider \"nobody\" is not among MeshConfig's extensionProviders",
                        "Telemetry default/all: spec.metrics: changes nothing: Mixer makes metrics from the logs of all"
                                + " proxies, with all their tags");
    }
}
