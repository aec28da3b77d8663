package io.flotilla.envoy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        return in(MESH, telemetry);
    }

    private static Scope in(String base, String... telemetry) {
        StringBuilder yaml = new StringBuilder(base);
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
    void spansSayWhoseTheyAreUnlessTheMeshOrATelemetryForbidsIt() {
        assertThat(istioTags("")).isTrue();
        assertThat(istioTags("defaultConfig: {tracing: {enableIstioTags: false}}"))
                .isFalse();
        String off = object("istio-system", "mesh", "tracing: [{enableIstioTags: false}]");
        String on = object("default", "all", "tracing: [{match: {mode: SERVER}, enableIstioTags: true}]");
        assertThat(istioTags("", off)).isFalse();
        assertThat(istioTags("", off, on)).isTrue();
        assertThat(istioTags("defaultConfig: {tracing: {enableIstioTags: false}}", on))
                .isTrue();
    }

    private static boolean istioTags(String mesh, String... telemetry) {
        return Observations.of(in(MESH + "    " + mesh + "\n", telemetry), true)
                .tracing()
                .tags()
                .istio();
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
        String metrics = object(
                "default",
                "all",
                "metrics: [{overrides: [{match: {customMetric: mine}, tagOverrides: {t: {value: request.path.lowerAscii()}}}]}]");
        String unknown = object("istio-system", "mesh", "tracing: [{providers: [{name: nobody}]}]");
        assertThat(Observations.problems(scope(metrics, unknown)))
                .extracting(Object::toString)
                .containsExactly(
                        "Telemetry istio-system/mesh: spec: provider \"nobody\" is not among MeshConfig's extensionProviders",
                        "Telemetry default/all: spec.metrics: Mixer makes no metric \"mine\"",
                        "Telemetry default/all: spec.metrics: tag \"t\" is left as it is, since Envoy does not compute"
                                + " \"request.path.lowerAscii()\"");
    }

    @Test
    void aLogWhoseFilterEnvoyDoesNotComputeIsLeftOut() {
        String bad =
                object("default", "all", "accessLogging: [{filter: {expression: request.path.lowerAscii() == 'x'}}]");
        assertThat(logs(true, bad)).isEmpty();
        assertThat(Observations.problems(scope(bad)))
                .extracting(Object::toString)
                .containsExactly(
                        "Telemetry default/all: spec.accessLogging: is not written, since Envoy does not compute its"
                                + " filter \"request.path.lowerAscii() == 'x'\"");
    }

    private static List<String> told(boolean server, boolean http, String... telemetry) {
        return Observations.of(scope(telemetry), server).metrics().told(http).stream()
                .map(tag -> tag.getTag() + " " + tag.getLiteral().getValue())
                .toList();
    }

    @Test
    void laterLevelsSayAnotherThingOfAMetricOrATag() {
        String mesh = object(
                "istio-system",
                "mesh",
                "metrics: [{overrides: [{disabled: true}, {match: {metric: REQUEST_COUNT}, disabled: false,"
                        + " tagOverrides: {a: {operation: REMOVE}, b: {operation: REMOVE}}}]}]");
        String own = object(
                "default",
                "all",
                "metrics: [{overrides: [{match: {customMetric: istio_requests_total, mode: SERVER},"
                        + " tagOverrides: {b: {value: request.path}}}]}]");
        String off = "flotilla.metrics/off REQUEST_DURATION,REQUEST_SIZE,RESPONSE_SIZE";
        assertThat(told(true, true, mesh, own))
                .containsExactly(
                        off,
                        "flotilla.metrics/drop/a REQUEST_COUNT",
                        "flotilla.metrics/set REQUEST_COUNT/b",
                        "flotilla.metrics/set/REQUEST_COUNT/b ");
        assertThat(told(false, true, mesh, own))
                .containsExactly(off, "flotilla.metrics/drop/a REQUEST_COUNT", "flotilla.metrics/drop/b REQUEST_COUNT");
        assertThat(told(true, false, mesh, own))
                .containsExactly("flotilla.metrics/off TCP_OPENED_CONNECTIONS,TCP_CLOSED_CONNECTIONS,"
                        + "TCP_SENT_BYTES,TCP_RECEIVED_BYTES");
    }

    @Test
    void metricsAreMadeWherePrometheusIsAmongTheProviders() {
        String others = object("default", "all", "metrics: [{providers: [{name: stackdriver}]}]");
        String both = object("default", "all", "metrics: [{providers: [{name: stackdriver}, {name: prometheus}]}]");
        assertThat(told(true, true, others))
                .containsExactly("flotilla.metrics/off REQUEST_COUNT,REQUEST_DURATION,REQUEST_SIZE,RESPONSE_SIZE");
        assertThat(told(true, true, both)).isEmpty();
        assertThat(told(true, true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "request.path, request.path",
                "string(destination.port), destination.port",
                "string(request.headers['a']), request.headers['a']",
                "string(size(request.path)), size(request.path)",
                "string(a) + string(b), ",
                "request.host.startsWith('string('), request.host.startsWith('string(')",
                "response.code % 2, ",
                "request.path in ['/a'], request.path in ['/a']",
                "request.path.split('/'), ",
            })
    void whatEnvoyDoesNotComputeIsLeftOut(String expression, String known) {
        assertThat(Expressions.known(expression)).isEqualTo(Optional.ofNullable(known));
    }
}
