package io.flotilla.envoy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Int32Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.envoy.patch.BootstrapPatching;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which object says how a proxy starts, and what a patch makes of its bootstrap. */
class MeshProxiesTest {
    private static final Map<String, String> REVIEWS = Map.of("app", "reviews");
    private static final ProxyConfig SILENT = ProxyConfig.getDefaultInstance();

    private static MeshProxies mesh(String... yaml) {
        List<Config<?>> objects = new ArrayList<>();
        String text = String.join("\n---\n", yaml);
        for (ParsedObject object :
                new ObjectReader(ReadOptions.DEFAULT).read("mesh.yaml", text).objects()) {
            assertThat(object.problems()).isEmpty();
            objects.add(object.config());
        }
        return MeshProxies.ofManifests(objects, "istio-system", MeshConfig.getDefaultInstance());
    }

    private static String object(String namespace, String name, String spec) {
        return """
                apiVersion: networking.istio.io/v1beta1
                kind: ProxyConfig
                metadata: {namespace: %s, name: %s, creationTimestamp: "2020-01-0%dT00:00:00Z"}
                spec: {%s}""".formatted(namespace, name, name.startsWith("old") ? 1 : 2, spec);
    }

    private static String defaults(String config) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: '{defaultConfig: {%s}}'}""".formatted(config);
    }

    private static String patch(String namespace, String name, String more, String context, String value) {
        return """
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {namespace: %s, name: %s}
                spec:
                  %s
                  configPatches:
                  - {applyTo: BOOTSTRAP, match: {context: %s}, patch: {operation: MERGE, value: %s}}""".formatted(namespace, name, more, context, value);
    }

    @Test
    void aNarrowerObjectHoldsBeforeAWiderOne() {
        String mesh = defaults("concurrency: 1, proxyMetadata: {A: mesh, B: mesh, C: mesh, D: mesh, E: mesh}");
        String root = object(
                "istio-system", "root", "concurrency: 2, environmentVariables: {B: root, C: root, D: root, E: root}");
        String namespace =
                object("default", "all", "concurrency: 3, environmentVariables: {C: space, D: space, E: space}");
        String workload = object(
                "default",
                "some",
                "selector: {matchLabels: {app: reviews}}, concurrency: 5, environmentVariables: {E: workload}");
        ProxyConfig pod = ProxyConfig.newBuilder()
                .setConcurrency(Int32Value.of(4))
                .putProxyMetadata("D", "pod")
                .putProxyMetadata("E", "pod")
                .build();
        assertThat(mesh(mesh).of("default", REVIEWS, SILENT).getConcurrency().getValue())
                .isEqualTo(1);
        assertThat(mesh(mesh, root)
                        .of("default", REVIEWS, SILENT)
                        .getConcurrency()
                        .getValue())
                .isEqualTo(2);
        assertThat(mesh(mesh, root, namespace)
                        .of("default", REVIEWS, SILENT)
                        .getConcurrency()
                        .getValue())
                .isEqualTo(3);
        assertThat(mesh(mesh, root, namespace)
                        .of("default", REVIEWS, pod)
                        .getConcurrency()
                        .getValue())
                .isEqualTo(4);
        ProxyConfig all = mesh(mesh, root, namespace, workload).of("default", REVIEWS, pod);
        assertThat(all.getConcurrency().getValue()).isEqualTo(5);
        assertThat(all.getProxyMetadataMap())
                .isEqualTo(Map.of("A", "mesh", "B", "root", "C", "space", "D", "pod", "E", "workload"));
    }

    @Test
    void anObjectIsForItsNamespaceAndForThePodsThatItSelects() {
        MeshProxies mesh = mesh(
                object("default", "some", "selector: {matchLabels: {app: reviews}}, concurrency: 5"),
                object("other", "all", "image: {imageType: distroless}"),
                // A selector in the root namespace is for pods there alone.
                object("istio-system", "gateways", "selector: {matchLabels: {app: reviews}}, concurrency: 9"));
        assertThat(mesh.of("default", REVIEWS, SILENT).getConcurrency().getValue())
                .isEqualTo(5);
        assertThat(mesh.of("default", Map.of("app", "ratings"), SILENT)).isEqualTo(SILENT);
        assertThat(mesh.of("other", REVIEWS, SILENT).getImage().getImageType()).isEqualTo("distroless");
        assertThat(mesh.of("other", REVIEWS, SILENT).hasConcurrency()).isFalse();
    }

    @Test
    void ofSeveralForTheSameTheOldestHolds() {
        MeshProxies mesh = mesh(
                object("default", "a", "concurrency: 6, environmentVariables: {A: young}"),
                object("default", "old", "concurrency: 7"));
        ProxyConfig said = mesh.of("default", REVIEWS, SILENT);
        assertThat(said.getConcurrency().getValue()).isEqualTo(7);
        assertThat(said.getProxyMetadataMap()).isEmpty();
    }

    @Test
    void zeroAndFalseAreSaidTooAndMessagesAreJoined() {
        ProxyConfig base = ProxyConfig.newBuilder()
                .setConcurrency(Int32Value.of(4))
                .setHoldApplicationUntilProxyStarts(BoolValue.of(true))
                .setConnectionSettings(ProxyConfig.ConnectionSettings.newBuilder()
                        .setGlobalDownstreamConnectionLimit(Int32Value.of(10)))
                .build();
        ProxyConfig merged = ProxyConfigs.over(
                base,
                ProxyConfig.newBuilder()
                        .setConcurrency(Int32Value.of(0))
                        .setHoldApplicationUntilProxyStarts(BoolValue.of(false))
                        .setConnectionSettings(ProxyConfig.ConnectionSettings.getDefaultInstance())
                        .build());
        assertThat(merged.hasConcurrency()).isTrue();
        assertThat(merged.getConcurrency().getValue()).isZero();
        assertThat(merged.getHoldApplicationUntilProxyStarts().getValue()).isFalse();
        assertThat(merged.getConnectionSettings()
                        .getGlobalDownstreamConnectionLimit()
                        .getValue())
                .isEqualTo(10);
    }

    @Test
    void patchesOfTheMeshComeBeforeThoseOfTheNamespaceAndOnlyForWhomTheyAre() {
        MeshProxies mesh = mesh(
                patch("default", "own", "priority: -5", "SIDECAR_INBOUND", "{stats_flush_interval: 7s}"),
                patch("istio-system", "all", "priority: 9", "ANY", "{stats_flush_interval: 9s, header_prefix: mesh}"),
                patch("default", "ratings", "workloadSelector: {labels: {app: ratings}}", "ANY", "{header_prefix: r}"),
                patch("default", "edges", "priority: 1", "GATEWAY", "{header_prefix: edge}"),
                patch("other", "foreign", "priority: 1", "ANY", "{header_prefix: foreign}"));
        Bootstrap sidecar = patched(mesh, REVIEWS, false);
        assertThat(sidecar.getStatsFlushInterval().getSeconds()).isEqualTo(7);
        assertThat(sidecar.getHeaderPrefix()).isEqualTo("mesh");
        assertThat(patched(mesh, Map.of("app", "ratings"), false).getHeaderPrefix())
                .isEqualTo("r");
        Bootstrap edge = patched(mesh, REVIEWS, true);
        assertThat(edge.getHeaderPrefix()).isEqualTo("edge");
        assertThat(edge.getStatsFlushInterval().getSeconds()).isEqualTo(9);
    }

    @Test
    void whatIsNoBootstrapIsLeftOutAndTold() {
        MeshProxies mesh = mesh(patch("default", "p", "priority: 1", "ANY", "{header_prefix: x}"));
        Config<io.flotilla.api.networking.v1alpha3.EnvoyFilter> filter =
                mesh.filters().getFirst();
        var broken = filter.spec().toBuilder();
        broken.getConfigPatchesBuilder(0)
                .getPatchBuilder()
                .getValueBuilder()
                .putFields(
                        "nonsense",
                        com.google.protobuf.Value.newBuilder()
                                .setBoolValue(true)
                                .build());
        BootstrapPatching.Patched patched = BootstrapPatching.apply(
                Bootstrap.getDefaultInstance(),
                List.of(new Config<>(
                        filter.key(),
                        broken.build(),
                        filter.labels(),
                        filter.annotations(),
                        filter.created(),
                        "v",
                        filter.origin())),
                new BootstrapPatching.Starting("default", REVIEWS, false));
        assertThat(patched.bootstrap()).isEqualTo(Bootstrap.getDefaultInstance());
        assertThat(patched.problems())
                .singleElement()
                .asString()
                .startsWith("EnvoyFilter default/p: spec.configPatches[0].patch.value: is no BOOTSTRAP of Envoy");
    }

    @Test
    void aPatchMayBringAnyExtension() {
        MeshProxies mesh = mesh(
                patch(
                        "default",
                        "p",
                        "priority: 1",
                        "ANY",
                        "{bootstrap_extensions: [{name: inner, typed_config:"
                                + " {'@type': type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener}}]}"));
        Bootstrap made = ProxySettings.apply(
                Bootstraps.translate(Samples.sidecar(
                        ControlPlane.in("istio-system", IdentityFiles.IN_POD),
                        StaticListeners.IN_POD,
                        "127.0.0.1",
                        ProxyTuning.DEFAULT)),
                SILENT);
        Bootstrap patched = BootstrapPatching.apply(
                        made, mesh.filters("default"), new BootstrapPatching.Starting("default", REVIEWS, false))
                .bootstrap();
        assertThat(BootstrapJson.compact(patched)).contains("internal_listener.v3.InternalListener", "credential");
    }

    private static Bootstrap patched(MeshProxies mesh, Map<String, String> labels, boolean router) {
        return BootstrapPatching.apply(
                        Bootstrap.getDefaultInstance(),
                        mesh.filters("default"),
                        new BootstrapPatching.Starting("default", labels, router))
                .bootstrap();
    }
}
