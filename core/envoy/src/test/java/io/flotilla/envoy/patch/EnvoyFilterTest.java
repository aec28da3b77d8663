package io.flotilla.envoy.patch;

import static io.flotilla.envoy.patch.PatchedMesh.filter;
import static io.flotilla.envoy.patch.PatchedMesh.httpFilters;
import static io.flotilla.envoy.patch.PatchedMesh.listener;
import static io.flotilla.envoy.patch.PatchedMesh.mesh;
import static io.flotilla.envoy.patch.PatchedMesh.patch;
import static io.flotilla.envoy.patch.PatchedMesh.resources;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.SharedResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an EnvoyFilter does, operation by operation. */
class EnvoyFilterTest {
    private static final String BUFFER = """
            {name: envoy.filters.http.buffer, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 9}}
            """.strip();
    private static final String HTTP = "{name: envoy.filters.network.http_connection_manager";

    private static List<String> outbound(String... filters) {
        return httpFilters(listener(resources(filters), "0.0.0.0_80").getFilterChains(0));
    }

    @Test
    void httpFiltersAreInsertedWhereTheOperationSays() {
        String at = "context: SIDECAR_OUTBOUND, listener: {filterChain: {filter: " + HTTP
                + ", subFilter: {name: envoy.filters.http.fault}}}}";
        assertThat(outbound()).containsExactly("grpc_web", "cors", "fault", "set_filter_state", "router");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", at, "INSERT_BEFORE", BUFFER))))
                .containsExactly("grpc_web", "cors", "buffer", "fault", "set_filter_state", "router");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", at, "INSERT_AFTER", BUFFER))))
                .containsExactly("grpc_web", "cors", "fault", "buffer", "set_filter_state", "router");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", at, "INSERT_FIRST", BUFFER))))
                .startsWith("buffer");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", at, "REMOVE", ""))))
                .doesNotContain("fault");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", at, "REPLACE", BUFFER))))
                .containsExactly("grpc_web", "cors", "buffer", "set_filter_state", "router");
    }

    @Test
    void anAddedHttpFilterStandsBeforeTheRouterAndWithoutAMatchBeforeIsFirst() {
        assertThat(outbound(filter("p", patch("HTTP_FILTER", "context: ANY", "ADD", BUFFER))))
                .endsWith("buffer", "router");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", "context: ANY", "INSERT_BEFORE", BUFFER))))
                .startsWith("buffer", "grpc_web");
        assertThat(outbound(filter("p", patch("HTTP_FILTER", "context: GATEWAY", "ADD", BUFFER))))
                .doesNotContain("buffer");
    }

    @Test
    void aLaterPatchSeesWhatAnEarlierOneInserted() {
        String insert = patch("HTTP_FILTER", "context: SIDECAR_OUTBOUND", "ADD", BUFFER);
        String remove = patch(
                "HTTP_FILTER",
                "listener: {filterChain: {filter: " + HTTP + ", subFilter: {name: envoy.filters.http.buffer}}}}",
                "REMOVE",
                "");
        assertThat(outbound(filter("a", insert), filter("b", remove))).doesNotContain("buffer");
        assertThat(outbound(filter("a", insert), filter("b", "priority: -1\n" + remove)))
                .contains("buffer");
    }

    @Test
    void aPortMeansTheChainsOfTheCapturingListener() {
        Listener inbound = listener(
                resources(filter(
                        "p",
                        patch(
                                "HTTP_FILTER",
                                "context: SIDECAR_INBOUND, listener: {portNumber: 8080}",
                                "INSERT_FIRST",
                                BUFFER))),
                "virtualInbound");
        Map<String, List<String>> byChain = inbound.getFilterChainsList().stream()
                .filter(chain -> chain.getFilters(0).getTypedConfig().is(HttpConnectionManager.class))
                .collect(Collectors.toMap(FilterChain::getName, PatchedMesh::httpFilters));
        assertThat(byChain.get("inbound|8080||http")).startsWith("buffer");
        assertThat(byChain).allSatisfy((name, filters) -> assertThat(filters).contains("buffer"));
    }

    @Test
    void aPortsNameMeansWhateverPortServicesCallSo() {
        EnvoyResources sending = resources(filter(
                "p",
                patch(
                        "LISTENER",
                        "context: SIDECAR_OUTBOUND, listener: {portName: TCP}",
                        "MERGE",
                        "{per_connection_buffer_limit_bytes: 9}")));
        assertThat(sending.listeners())
                .filteredOn(Listener::hasPerConnectionBufferLimitBytes)
                .extracting(Listener::getName)
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .endsWith("_90");
        String receiving = "context: SIDECAR_INBOUND, listener: {portName: %s}";
        assertThat(buffered(receiving.formatted("http"))).contains("inbound|8080||http");
        assertThat(buffered(receiving.formatted("tcp"))).isEmpty();
        assertThat(buffered(receiving.formatted("http, portNumber: 9090"))).isEmpty();
    }

    private static List<String> buffered(String match) {
        return listener(resources(filter("p", patch("HTTP_FILTER", match, "INSERT_FIRST", BUFFER))), "virtualInbound")
                .getFilterChainsList()
                .stream()
                .filter(chain -> chain.getFilters(0).getTypedConfig().is(HttpConnectionManager.class))
                .filter(chain -> httpFilters(chain).contains("buffer"))
                .map(FilterChain::getName)
                .toList();
    }

    @Test
    void packedMessagesOfOneTypeAreMergedAndListsAppended() throws Exception {
        String tcp = """
                {typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, idle_timeout: 7s}}""";
        Filter filter = resources(filter(
                        "p",
                        patch(
                                "NETWORK_FILTER",
                                "listener: {portNumber: 90, filterChain: {filter: {name: envoy.tcp_proxy}}}",
                                "MERGE",
                                tcp)))
                .listeners()
                .stream()
                .filter(each -> each.getName().endsWith("_90"))
                .findFirst()
                .orElseThrow()
                .getDefaultFilterChain()
                .getFilters(0);
        TcpProxy proxy = filter.getTypedConfig().unpack(TcpProxy.class);
        assertThat(proxy.getIdleTimeout()).isEqualTo(Durations.fromSeconds(7));
        assertThat(proxy.getCluster()).isEqualTo("outbound|90||web.default.svc.cluster.local");

        VirtualHost host = host(filter(
                "p",
                patch(
                        "VIRTUAL_HOST",
                        "routeConfiguration: {vhost: {name: \"web.default.svc.cluster.local:80\"}}",
                        "MERGE",
                        "{domains: [more.example.com]}")));
        assertThat(host.getDomainsList()).contains("web", "more.example.com");
    }

    private static VirtualHost host(String... filters) {
        return resources(filters).routes().stream()
                .filter(routes -> routes.getName().equals("80"))
                .flatMap(routes -> routes.getVirtualHostsList().stream())
                .filter(host -> host.getName().startsWith("web."))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void routesAreInsertedBeforeTheNamedOne() {
        String redirect = "{name: moved, match: {prefix: /old}, redirect: {path_redirect: /new}}";
        VirtualHost host = host(filter(
                "p",
                patch(
                        "HTTP_ROUTE",
                        "context: SIDECAR_OUTBOUND, routeConfiguration: {vhost: {route: {name: default}}}",
                        "INSERT_BEFORE",
                        redirect)));
        assertThat(host.getRoutesList()).extracting(Route::getName).containsExactly("moved", "default");
    }

    @Test
    void resourcesAreAddedAndRemoved() {
        EnvoyResources resources = resources(
                filter(
                        "a",
                        patch(
                                "CLUSTER",
                                "context: SIDECAR_OUTBOUND",
                                "ADD",
                                "{name: extra, type: STATIC, connect_timeout: 1s}")),
                filter(
                        "b",
                        patch(
                                "CLUSTER",
                                "cluster: {service: web.default.svc.cluster.local, portNumber: 90}",
                                "REMOVE",
                                "")),
                filter("c", patch("LISTENER", "listener: {name: 0.0.0.0_80}", "REMOVE", "")),
                filter(
                        "d",
                        patch(
                                "EXTENSION_CONFIG",
                                "context: ANY",
                                "ADD",
                                BUFFER.replace("envoy.filters.http.buffer", "limits"))));
        assertThat(resources.clusters())
                .extracting(Cluster::getName)
                .contains("extra", "outbound|80||web.default.svc.cluster.local")
                .doesNotContain("outbound|90||web.default.svc.cluster.local");
        assertThat(resources.listeners()).extracting(Listener::getName).doesNotContain("0.0.0.0_80");
        assertThat(resources.extensions())
                .extracting(TypedExtensionConfig::getName)
                .contains("limits");
    }

    @Test
    void anExtensionThatIsNotKnownHereGoesToEnvoyAsItIs() {
        String value = """
                {name: new, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.brand_new.v3.BrandNew, answer: 42}}""";
        EnvoyResources resources = resources(filter("p", patch("HTTP_FILTER", "context: ANY", "INSERT_FIRST", value)));
        assertThat(resources.notes().problems()).isEmpty();
        assertThat(io.flotilla.envoy.EnvoyJson.of(resources))
                .contains("xds.type.v3.TypedStruct", "brand_new.v3.BrandNew", "42");
    }

    @Test
    void aPatchThatIsNoMessageIsLeftOutAndTheOthersStay() {
        // Validation refuses this; a snapshot may still hold it from before an upgrade.
        MeshSnapshot mesh = mesh(filter("good", patch("HTTP_FILTER", "context: ANY", "ADD", BUFFER)));
        var good = mesh.extensions().envoyFilters("default").getFirst();
        var spec = good.spec().toBuilder();
        var second = spec.getConfigPatches(0).toBuilder();
        second.getPatchBuilder()
                .getValueBuilder()
                .putFields(
                        "nonsense",
                        com.google.protobuf.Value.newBuilder()
                                .setBoolValue(true)
                                .build());
        var both = new io.flotilla.config.model.Config<>(
                good.key(),
                spec.addConfigPatches(second).build(),
                good.labels(),
                good.annotations(),
                good.created(),
                "2",
                good.origin());
        MeshSnapshot changed =
                io.flotilla.config.snapshot.SnapshotBuilder.update(mesh, List.of(both), java.util.Set.of());
        EnvoyResources resources = Translator.translate(changed, Proxies.sidecar("web", "v1"));
        assertThat(httpFilters(listener(resources, "0.0.0.0_80").getFilterChains(0)))
                .containsOnlyOnce("buffer");
        assertThat(resources.notes().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith(
                                "EnvoyFilter default/good: spec.configPatches[1].patch.value: is no HTTP_FILTER of Envoy")
                        .contains("nonsense"));
    }

    private static Scope scope(MeshSnapshot mesh, ProxyView view, Scope.Caches caches, Quarantine quarantine) {
        return new Scope(mesh, view, PeerIdentities.ofEndpoints(), caches, Tuning.defaults()).without(quarantine);
    }

    @Test
    void whatNoPatchChangesIsTheSameObjectAndEqualPatchesShareTheRest() {
        String one = filter("p", patch("CLUSTER", "cluster: {portNumber: 80}", "MERGE", "{connect_timeout: 1s}"));
        MeshSnapshot mesh = mesh(one);
        Scope.Caches caches = new Scope.Caches(new SharedResources(), new SharedResources());
        EnvoyResources left = Translator.translate(scope(mesh, Proxies.sidecar("web", "v1"), caches, Quarantine.EMPTY));
        EnvoyResources right =
                Translator.translate(scope(mesh, Proxies.sidecar("web", "v2"), caches, Quarantine.EMPTY));
        EnvoyResources without = Translator.translate(scope(
                mesh(),
                Proxies.sidecar("web", "v1"),
                new Scope.Caches(caches.lasting(), new SharedResources()),
                Quarantine.EMPTY));
        Cluster patched = cluster(left, 80);
        assertThat(patched).isSameAs(cluster(right, 80));
        assertThat(patched.getConnectTimeout()).isEqualTo(Durations.fromSeconds(1));
        assertThat(cluster(without, 80).getConnectTimeout()).isEqualTo(Durations.fromSeconds(10));
        assertThat(cluster(left, 90)).isSameAs(cluster(without, 90));
    }

    private static Cluster cluster(EnvoyResources resources, int port) {
        return resources.clusters().stream()
                .filter(cluster -> cluster.getName().startsWith("outbound|" + port + "|"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsInQuarantineIsLeftOutUntilItsContentChanges() {
        String one = patch("CLUSTER", "cluster: {portNumber: 80}", "MERGE", "{connect_timeout: 1s}");
        ProxyView view = Proxies.sidecar("web", "v1");
        EnvoyResources before = Translator.translate(mesh(filter("p", one)), view);
        assertThat(before.notes().touched().getOrDefault(ResourceType.CLUSTER, Map.of()))
                .containsOnlyKeys("outbound|80||web.default.svc.cluster.local");
        PatchSource source = before.notes().touched().getOrDefault(ResourceType.CLUSTER, Map.of()).values().stream()
                .flatMap(java.util.Set::stream)
                .findFirst()
                .orElseThrow();
        Quarantine quarantine = new Quarantine(Map.of(source, "no such field"));
        EnvoyResources after =
                Translator.translate(scope(mesh(filter("p", one)), view, Scope.Caches.none(), quarantine));
        assertThat(cluster(after, 80).getConnectTimeout()).isEqualTo(Durations.fromSeconds(10));
        assertThat(after.notes().problems())
                .extracting(Untranslated::message)
                .containsExactly("is left out until it is changed, since Envoy refused it: no such field");
        EnvoyResources changed = Translator.translate(
                scope(mesh(filter("p", one.replace("1s", "2s"))), view, Scope.Caches.none(), quarantine));
        assertThat(cluster(changed, 80).getConnectTimeout()).isEqualTo(Durations.fromSeconds(2));
    }
}
