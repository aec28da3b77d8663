package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            ProxyText mesh = ProxyText.ofMesh("defaultConfig: {" + row.getFirst() + "}");
            assertThat(mesh.problems()).isEmpty();
            assertThat(text(inject(InjectionSettings.defaults().withProxy(mesh.config()), "")))
                    .as(field)
                    .contains(row.get(1));
        });
    }

    @Test
    void thePageOfCoverageNamesJustTheseFields() throws IOException {
        assertThat(Files.readAllLines(REASONS).stream()
                        .filter(line -> line.endsWith(INJECTED))
                        .map(line ->
                                line.substring("MeshConfig.defaultConfig.".length(), line.length() - INJECTED.length()))
                        .filter(field -> !field.equals("holdApplicationUntilProxyStarts")))
                .containsExactlyInAnyOrderElementsOf(FIELDS.keySet());
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
        InjectionSettings mesh = InjectionSettings.defaults()
                .withProxy(ProxyText.ofMesh("defaultConfig: {concurrency: 5, drainDuration: 9s}")
                        .config());
        assertThat(text(inject(mesh, "concurrency: 3"))).contains("--concurrency, 3", "--drain-time-s, 9");
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
