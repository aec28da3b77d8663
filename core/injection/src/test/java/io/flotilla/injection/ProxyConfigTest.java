package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.envoy.bootstrap.MeshProxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** ProxyConfig, of the mesh and of a pod, in what is injected. */
class ProxyConfigTest {
    private static final Path REASONS =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/coverage/not-translated.txt");
    private static final String INJECTED = ": the injector's: ProxyConfigTest";

    /** Each field by itself, as it is written, to what of the injected pod shows it. */
    private static final Map<String, List<String>> FIELDS = new TreeMap<>(Map.ofEntries(
            Map.entry("concurrency", List.of("concurrency: 3", "--concurrency, 3")),
            Map.entry(
                    "connectionSettings.globalDownstreamConnectionLimit",
                    List.of("connectionSettings: {globalDownstreamConnectionLimit: 77}", "\"77\"")),
            Map.entry(
                    "connectionSettings.listenerConnectionLimit",
                    List.of(
                            "connectionSettings: {listenerConnectionLimit: 55}",
                            "\"envoy.resource_limits.listener.virtualInbound.connection_limit\":55")),
            Map.entry("discoveryAddress", List.of("discoveryAddress: pilot.other:15012", "pilot.other")),
            Map.entry("drainDuration", List.of("drainDuration: 33s", "--drain-time-s, 33")),
            Map.entry("fileFlushInterval", List.of("fileFlushInterval: 2s", "--file-flush-interval-msec, 2000")),
            Map.entry("fileFlushMinSizeKb", List.of("fileFlushMinSizeKb: 9", "--file-flush-min-size-kb, 9")),
            Map.entry("image.*", List.of("image: {imageType: distroless}", "envoyproxy/envoy:distroless-v1.40.0")),
            Map.entry("interceptionMode", List.of("interceptionMode: NONE", "INTERCEPTION_MODE, value=NONE")),
            Map.entry("meshId", List.of("meshId: mine", "\"MESH_ID\":\"mine\"")),
            Map.entry("proxyAdminPort", List.of("proxyAdminPort: 15055", "15055")),
            Map.entry("proxyMetadata", List.of("proxyMetadata: {ISTIO_META_A: b}", "\"A\":\"b\"")),
            Map.entry(
                    "proxyStatsMatcher.*",
                    List.of(
                            "proxyStatsMatcher: {inclusionPrefixes: [p], inclusionSuffixes: [s], inclusionRegexps: [r.*]}",
                            "\"regex\":\"r.*\"")),
            Map.entry("runtimeValues", List.of("runtimeValues: {a.b: \"7\"}", "\"a.b\":\"7\"")),
            Map.entry("serviceCluster", List.of("serviceCluster: mine", "\"cluster\":\"mine\"")),
            Map.entry("statsdUdpAddress", List.of("statsdUdpAddress: \"10.9.9.9:8125\"", "10.9.9.9")),
            Map.entry(
                    "envoyMetricsService.*",
                    List.of(
                            "envoyMetricsService: {address: \"metrics.test:15020\", tcpKeepalive: {time: 7s},"
                                    + " tlsSettings: {mode: SIMPLE}}",
                            "v3.MetricsServiceConfig")),
            Map.entry(
                    "envoyMetricsServiceAddress",
                    List.of("envoyMetricsServiceAddress: \"metrics.test:15021\"", "metrics.test")),
            Map.entry("statusPort", List.of("statusPort: 15077", "15077")),
            Map.entry("terminationDrainDuration", List.of("terminationDrainDuration: 21s", "seconds=21"))));

    private static Map<String, Object> pod(String config) {
        return Map.of(
                "metadata",
                Map.of(
                        "name",
                        "app",
                        "annotations",
                        config.isEmpty() ? Map.of() : Map.of("proxy.istio.io/config", config)),
                "spec",
                Map.of("containers", List.of(Map.of("name", "app", "image", "app"))));
    }

    private static Injection inject(InjectionSettings settings, String config) {
        return new SidecarInjector(settings)
                .inject(pod(config), new PodContext("default", "", Map.of("istio-injection", "enabled")));
    }

    private static Injection inMesh(String mesh, String config) {
        MeshText read = MeshText.of(mesh);
        assertThat(read.problems()).isEmpty();
        return new SidecarInjector(InjectionSettings.defaults(), MeshProxies.NONE.with(read.mesh()))
                .inject(pod(config), new PodContext("default", "", Map.of("istio-injection", "enabled")));
    }

    private static String text(Injection injection) {
        assertThat(injection).isInstanceOf(Injection.Injected.class);
        return String.valueOf(((Injection.Injected) injection).pod().get("spec"));
    }

    @Test
    void everyFieldShowsInThePodThatAsksForItAndInEveryPodOfAMeshThatDoes() {
        String without = text(inject(InjectionSettings.defaults(), ""));
        FIELDS.forEach((field, row) -> {
            assertThat(without).as(field).doesNotContain(row.get(1));
            assertThat(text(inject(InjectionSettings.defaults(), row.getFirst())))
                    .as(field)
                    .contains(row.get(1));
            assertThat(text(inMesh("defaultConfig: {" + row.getFirst() + "}", "")))
                    .as(field)
                    .contains(row.get(1));
        });
    }

    @Test
    void thePageOfCoverageNamesJustTheseFields() throws IOException {
        assertThat(Files.readAllLines(REASONS).stream()
                        .filter(line -> line.startsWith("MeshConfig.defaultConfig.") && line.endsWith(INJECTED))
                        .map(line ->
                                line.substring("MeshConfig.defaultConfig.".length(), line.length() - INJECTED.length()))
                        .filter(field ->
                                !field.equals("holdApplicationUntilProxyStarts") && !field.equals("statsCompression")))
                .containsExactlyInAnyOrderElementsOf(FIELDS.keySet());
    }

    @Test
    void objectsOfTheMeshShowInThePodsThatTheyAreFor() {
        String objects = """
                apiVersion: networking.istio.io/v1beta1
                kind: ProxyConfig
                metadata: {name: apps, namespace: default}
                spec:
                  selector: {matchLabels: {app: a}}
                  concurrency: 3
                  environmentVariables: {TZ: UTC, ISTIO_META_A: b}
                  image: {imageType: distroless}
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: slow, namespace: istio-system}
                spec:
                  configPatches:
                  - {applyTo: BOOTSTRAP, patch: {operation: MERGE, value: {stats_flush_interval: 77s}}}
                """;
        String chosen = text(inObjects(objects, Map.of("app", "a"), "default"));
        assertThat(chosen)
                .contains(
                        "--concurrency, 3",
                        "name=TZ, value=UTC",
                        "\"A\":\"b\"",
                        "envoyproxy/envoy:distroless-v1.40.0",
                        "77s");
        String other = text(inObjects(objects, Map.of("app", "b"), "default"));
        assertThat(other)
                .doesNotContain("--concurrency, 3", "name=TZ", "distroless")
                .contains("77s");
        assertThat(text(inObjects(objects, Map.of("app", "a"), "elsewhere"))).doesNotContain("name=TZ");
    }

    private static Injection inObjects(String objects, Map<String, String> labels, String namespace) {
        List<Config<?>> read = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("objects.yaml", objects)
                .objects()
                .forEach(object -> read.add(object.config()));
        Map<String, Object> pod = Map.of(
                "metadata",
                Map.of("name", "app", "labels", labels),
                "spec",
                Map.of("containers", List.of(Map.of("name", "app", "image", "app"))));
        return new SidecarInjector(
                        InjectionSettings.defaults(),
                        MeshProxies.ofManifests(read, "istio-system", MeshConfig.getDefaultInstance()))
                .inject(pod, new PodContext(namespace, "", Map.of("istio-injection", "enabled")));
    }

    @Test
    void whatIsCapturedGoesToThePortsThatTheMeshSays() {
        assertThat(text(inject(InjectionSettings.defaults(), "")))
                .contains("name=ENVOY_PORT, value=15001", "name=INBOUND_CAPTURE_PORT, value=15006");
        assertThat(text(inMesh("{proxyListenPort: 15011, proxyInboundListenPort: 15016}", "")))
                .contains("name=ENVOY_PORT, value=15011", "name=INBOUND_CAPTURE_PORT, value=15016");
    }

    @Test
    void statisticsAreCompressedUnlessTheMeshSaysOtherwise() {
        assertThat(text(inject(InjectionSettings.defaults(), ""))).contains("v3.Compressor");
        assertThat(text(inject(InjectionSettings.defaults(), "statsCompression: false")))
                .doesNotContain("v3.Compressor");
        assertThat(text(inMesh("defaultConfig: {statsCompression: false}", ""))).doesNotContain("v3.Compressor");
    }

    @Test
    void applicationsThatWaitGetAProxyThatStartsBeforeThem() {
        InjectionSettings beside = InjectionSettings.defaults();
        ProxyContainer.Lifecycle given = beside.container().lifecycle();
        InjectionSettings ordinary = beside.withContainer(new ProxyContainer(
                beside.container().images(),
                beside.container().logLevel(),
                beside.container().threads(),
                beside.container().requests(),
                beside.container().limits(),
                new ProxyContainer.Lifecycle(
                        false,
                        given.preStopSeconds(),
                        given.drainSeconds(),
                        given.startupFailures(),
                        given.readiness())));
        assertThat(text(inject(ordinary, ""))).doesNotContain("restartPolicy=Always");
        assertThat(text(inject(ordinary, "holdApplicationUntilProxyStarts: true")))
                .contains("restartPolicy=Always");
    }

    @Test
    void aPodsOwnHoldsBeforeTheMeshsAndASingleAnnotationBeforeBoth() {
        String mesh = "defaultConfig: {concurrency: 5, drainDuration: 9s}";
        assertThat(text(inMesh(mesh, "concurrency: 3"))).contains("--concurrency, 3", "--drain-time-s, 9");
    }

    @Test
    void whatCannotBeReadIsRefused() {
        assertThat(inject(InjectionSettings.defaults(), "concurrency: many"))
                .isInstanceOfSatisfying(
                        Injection.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .startsWith("annotation proxy.istio.io/config: "));
        assertThat(inject(InjectionSettings.defaults(), "interceptionMode: TPROXY"))
                .isEqualTo(new Injection.Refused(List.of("interceptionMode: TPROXY must be REDIRECT or NONE")));
    }
}
