package io.flotilla.envoy.patch;

import static io.flotilla.envoy.patch.PatchedMesh.filter;
import static io.flotilla.envoy.patch.PatchedMesh.last;
import static io.flotilla.envoy.patch.PatchedMesh.listener;
import static io.flotilla.envoy.patch.PatchedMesh.patch;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each operation on each kind of thing that an EnvoyFilter applies to. What is seen is a name with the members of one list
 * of it, so that appending to a list and replacing it differ; a patch brings the name "extra" with the member "x".
 */
class EnvoyFilterOperationsTest {
    private static final String ROUTES = """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: default}
            spec:
              hosts: [web]
              http:
              - {name: old, headers: {request: {remove: [y]}}, route: [{destination: {host: web}}]}
            """;
    private static final String LISTENER = "listener: {name: 0.0.0.0_80";
    private static final String CHAIN = LISTENER + ", filterChain: {name: 0.0.0.0_80_http";
    private static final String MANAGER = CHAIN + ", filter: {name: envoy.filters.network.http_connection_manager";
    private static final String HOST =
            "routeConfiguration: {name: \"80\", vhost: {name: \"web.default.svc.cluster.local:80\"";
    private static final String TYPE = "typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.";

    /**
     * What operations do to one kind of thing.
     *
     * @param match which thing
     * @param value of the patch
     * @param seen  of a mesh with the text of an EnvoyFilter
     * @param then  what is seen after each operation that can be done
     */
    private record Row(
            ApplyTo to,
            String match,
            String value,
            Function<String, List<String>> seen,
            Map<Operation, List<String>> then) {
        List<String> before() {
            return seen.apply("");
        }

        List<String> after(Operation operation) {
            return seen.apply(text(operation));
        }

        String text(Operation operation) {
            return filter("p", patch(to.name(), match, operation.name(), value));
        }
    }

    private static final List<Row> ROWS = List.of(
            row(
                    ApplyTo.LISTENER,
                    LISTENER + "}",
                    "{name: extra, listener_filters: [{name: x}]}",
                    made(EnvoyFilterOperationsTest::listeners),
                    "MERGE: extra[tls_inspector,http_inspector,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]",
                    "ADD: 0.0.0.0_80[tls_inspector,http_inspector] extra[x]",
                    "REMOVE: "),
            row(
                    ApplyTo.FILTER_CHAIN,
                    CHAIN + "}}",
                    "{name: extra, filter_chain_match: {application_protocols: [x]}}",
                    made(EnvoyFilterOperationsTest::chains),
                    "MERGE: extra[http/1.0,http/1.1,h2c,x] 0.0.0.0_80_fallback[]",
                    "MERGE_AND_REPLACE_LIST: extra[x] 0.0.0.0_80_fallback[]",
                    "ADD: 0.0.0.0_80_http[http/1.0,http/1.1,h2c] extra[x] 0.0.0.0_80_fallback[]",
                    "REMOVE: 0.0.0.0_80_fallback[]",
                    "INSERT_BEFORE: extra[x] 0.0.0.0_80_http[http/1.0,http/1.1,h2c] 0.0.0.0_80_fallback[]",
                    "INSERT_AFTER: 0.0.0.0_80_http[http/1.0,http/1.1,h2c] extra[x] 0.0.0.0_80_fallback[]",
                    "INSERT_FIRST: extra[x] 0.0.0.0_80_http[http/1.0,http/1.1,h2c] 0.0.0.0_80_fallback[]"),
            row(
                    ApplyTo.NETWORK_FILTER,
                    MANAGER + "}}}",
                    "{name: extra, " + TYPE
                            + "network.http_connection_manager.v3.HttpConnectionManager, upgrade_configs: [{upgrade_type: x}]}}",
                    made(EnvoyFilterOperationsTest::networkFilters),
                    "MERGE: extra[websocket,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]",
                    "ADD: extra[x] http_connection_manager[websocket]",
                    "REMOVE: ",
                    "INSERT_BEFORE: extra[x] http_connection_manager[websocket]",
                    "INSERT_AFTER: http_connection_manager[websocket] extra[x]",
                    "INSERT_FIRST: extra[x] http_connection_manager[websocket]",
                    "REPLACE: extra[x]"),
            row(
                    ApplyTo.HTTP_FILTER,
                    MANAGER + ", subFilter: {name: envoy.filters.http.set_filter_state}}}}",
                    "{name: extra, " + TYPE
                            + "http.set_filter_state.v3.Config, on_request_headers: [{object_key: x, format_string: {text_format_source: {inline_string: x}}}]}}",
                    made(EnvoyFilterOperationsTest::httpFilters),
                    "MERGE: fault[] extra[x] router[]",
                    "MERGE_AND_REPLACE_LIST: fault[] extra[x] router[]",
                    "ADD: fault[] set_filter_state[] extra[x] router[]",
                    "REMOVE: fault[] router[]",
                    "INSERT_BEFORE: fault[] extra[x] set_filter_state[] router[]",
                    "INSERT_AFTER: fault[] set_filter_state[] extra[x] router[]",
                    "INSERT_FIRST: extra[x] fault[] set_filter_state[] router[]",
                    "REPLACE: fault[] extra[x] router[]"),
            row(
                    ApplyTo.LISTENER_FILTER,
                    LISTENER + ", listenerFilter: envoy.filters.listener.tls_inspector}",
                    "{name: extra, " + TYPE + "listener.tls_inspector.v3.TlsInspector}}",
                    made(EnvoyFilterOperationsTest::listeners),
                    "MERGE: 0.0.0.0_80[extra,http_inspector]",
                    "MERGE_AND_REPLACE_LIST: 0.0.0.0_80[extra,http_inspector]",
                    "ADD: 0.0.0.0_80[tls_inspector,http_inspector,extra]",
                    "REMOVE: 0.0.0.0_80[http_inspector]",
                    "INSERT_BEFORE: 0.0.0.0_80[extra,tls_inspector,http_inspector]",
                    "INSERT_AFTER: 0.0.0.0_80[tls_inspector,extra,http_inspector]",
                    "INSERT_FIRST: 0.0.0.0_80[extra,tls_inspector,http_inspector]",
                    "REPLACE: 0.0.0.0_80[extra,http_inspector]"),
            row(
                    ApplyTo.ROUTE_CONFIGURATION,
                    "routeConfiguration: {name: \"80\"}",
                    "{name: extra, virtual_hosts: [{name: x, domains: [x.test]}]}",
                    made(EnvoyFilterOperationsTest::routeConfigurations),
                    "MERGE: extra[web.default.svc.cluster.local:80,allow_any,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]"),
            row(
                    ApplyTo.VIRTUAL_HOST,
                    HOST + "}}",
                    "{name: extra, domains: [x]}",
                    made(EnvoyFilterOperationsTest::hosts),
                    "MERGE: extra[web,x] allow_any[*]",
                    "MERGE_AND_REPLACE_LIST: extra[x] allow_any[*]",
                    "ADD: web.default.svc.cluster.local:80[web] allow_any[*] extra[x]",
                    "REMOVE: allow_any[*]",
                    "INSERT_BEFORE: extra[x] web.default.svc.cluster.local:80[web] allow_any[*]",
                    "INSERT_AFTER: web.default.svc.cluster.local:80[web] extra[x] allow_any[*]",
                    "INSERT_FIRST: extra[x] web.default.svc.cluster.local:80[web] allow_any[*]"),
            row(
                    ApplyTo.HTTP_ROUTE,
                    HOST + ", route: {name: old}}}",
                    "{name: extra, match: {prefix: /x}, request_headers_to_remove: [x]}",
                    made(EnvoyFilterOperationsTest::routes),
                    "MERGE: extra[y,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]",
                    "ADD: old[y] extra[x]",
                    "REMOVE: ",
                    "INSERT_BEFORE: extra[x] old[y]",
                    "INSERT_AFTER: old[y] extra[x]",
                    "INSERT_FIRST: extra[x] old[y]"),
            row(
                    ApplyTo.CLUSTER,
                    "cluster: {service: web.default.svc.cluster.local, portNumber: 80}",
                    "{name: extra, transport_socket_matches: [{name: x}]}",
                    made(EnvoyFilterOperationsTest::clusters),
                    "MERGE: extra[tlsMode-istio,tlsMode-disabled,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]",
                    "ADD: extra[x] outbound|80||web.default.svc.cluster.local[tlsMode-istio,tlsMode-disabled]",
                    "REMOVE: "),
            row(
                    ApplyTo.EXTENSION_CONFIG,
                    "context: ANY",
                    "{name: extra, " + TYPE + "http.buffer.v3.Buffer, max_request_bytes: 9}}",
                    made(EnvoyFilterOperationsTest::extensions),
                    "ADD: extra[]"),
            row(
                    ApplyTo.BOOTSTRAP,
                    "context: ANY",
                    "{cluster_manager: {local_cluster_name: extra}, static_resources: {clusters: [{name: x}]}}",
                    EnvoyFilterOperationsTest::started,
                    "MERGE: extra[y,x]",
                    "MERGE_AND_REPLACE_LIST: extra[x]"));

    private static Row row(
            ApplyTo to, String match, String value, Function<String, List<String>> seen, String... outcomes) {
        Map<Operation, List<String>> then = new EnumMap<>(Operation.class);
        for (String outcome : outcomes) {
            int colon = outcome.indexOf(": ");
            then.put(
                    Operation.valueOf(outcome.substring(0, colon)),
                    Stream.of(outcome.substring(colon + 2).split(" "))
                            .filter(each -> !each.isEmpty())
                            .toList());
        }
        return new Row(to, match, value, seen, then);
    }

    private static Function<String, List<String>> made(Function<EnvoyResources, Stream<String>> seen) {
        return filter -> seen.apply(PatchedMesh.resources(ROUTES, filter)).toList();
    }

    private static <T> String seen(String name, List<T> members, Function<T, String> member) {
        return (name.startsWith("envoy.") ? last(name) : name)
                + members.stream().map(member).collect(Collectors.joining(",", "[", "]"));
    }

    private static Stream<String> listeners(EnvoyResources resources) {
        return resources.listeners().stream()
                .filter(each ->
                        each.getName().equals("0.0.0.0_80") || each.getName().equals("extra"))
                .map(each -> seen(each.getName(), each.getListenerFiltersList(), filter -> last(filter.getName())));
    }

    private static Stream<String> chains(EnvoyResources resources) {
        return PatchedMesh.chains(listener(resources, "0.0.0.0_80"))
                .map(chain ->
                        seen(chain.getName(), chain.getFilterChainMatch().getApplicationProtocolsList(), name -> name));
    }

    private static Stream<String> networkFilters(EnvoyResources resources) {
        return listener(resources, "0.0.0.0_80").getFilterChains(0).getFiltersList().stream()
                .map(filter -> seen(
                        filter.getName(),
                        PatchedMesh.manager(filter).getUpgradeConfigsList(),
                        UpgradeConfig::getUpgradeType));
    }

    private static Stream<String> httpFilters(EnvoyResources resources) {
        return PatchedMesh.manager(
                        listener(resources, "0.0.0.0_80").getFilterChains(0).getFilters(0))
                .getHttpFiltersList()
                .stream()
                .filter(filter -> !List.of("grpc_web", "cors").contains(last(filter.getName())))
                .map(filter -> seen(filter.getName(), keys(filter.getTypedConfig()), name -> name));
    }

    private static List<String> keys(Any any) {
        return any.is(Config.class)
                ? PatchedMesh.unpacked(any, Config.class).getOnRequestHeadersList().stream()
                        .map(value -> value.getObjectKey())
                        .toList()
                : List.of();
    }

    private static Stream<String> routeConfigurations(EnvoyResources resources) {
        return resources.routes().stream()
                .filter(each -> List.of("80", "extra").contains(each.getName()))
                .map(each -> seen(each.getName(), each.getVirtualHostsList(), VirtualHost::getName));
    }

    private static Stream<VirtualHost> virtualHosts(EnvoyResources resources) {
        return resources.routes().stream()
                .filter(each -> each.getName().equals("80"))
                .flatMap(each -> each.getVirtualHostsList().stream());
    }

    private static Stream<String> hosts(EnvoyResources resources) {
        return virtualHosts(resources)
                .map(host -> seen(
                        host.getName(),
                        host.getDomainsList().stream()
                                .filter(List.of("web", "x", "*")::contains)
                                .toList(),
                        name -> name));
    }

    private static Stream<String> routes(EnvoyResources resources) {
        return virtualHosts(resources)
                .filter(host -> host.getName().startsWith("web."))
                .flatMap(host -> host.getRoutesList().stream())
                .map(route -> seen(route.getName(), route.getRequestHeadersToRemoveList(), name -> name));
    }

    private static Stream<String> clusters(EnvoyResources resources) {
        return resources.clusters().stream()
                .filter(each -> each.getName().startsWith("outbound|80|")
                        || each.getName().equals("extra"))
                .map(each -> seen(
                        each.getName(), each.getTransportSocketMatchesList(), Cluster.TransportSocketMatch::getName));
    }

    private static Stream<String> extensions(EnvoyResources resources) {
        return resources.extensions().stream()
                .map(TypedExtensionConfig::getName)
                .filter("extra"::equals)
                .map(name -> seen(name, List.of(), Object::toString));
    }

    private static List<String> started(String filter) {
        Bootstrap.Builder made = Bootstrap.newBuilder();
        made.getClusterManagerBuilder().setLocalClusterName("own");
        made.getStaticResourcesBuilder().addClusters(Cluster.newBuilder().setName("y"));
        MeshSnapshot mesh = PatchedMesh.mesh(filter);
        Bootstrap patched = BootstrapPatching.apply(
                        made.build(),
                        mesh.extensions().envoyFilters("default"),
                        new BootstrapPatching.Starting("default", Map.of(), false))
                .bootstrap();
        return List.of(seen(
                patched.getClusterManager().getLocalClusterName(),
                patched.getStaticResources().getClustersList(),
                Cluster::getName));
    }

    private static Stream<Operation> operations() {
        return Arrays.stream(Operation.values())
                .filter(each -> each != Operation.INVALID && each != Operation.UNRECOGNIZED);
    }

    @Test
    void everythingThatIsPatchedHasARow() {
        assertThat(ROWS)
                .extracting(Row::to)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ApplyTo.values())
                        .filter(each -> each != ApplyTo.INVALID && each != ApplyTo.UNRECOGNIZED)
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> eachOperationDoesWhatItSaysOrNothing() {
        return ROWS.stream()
                .flatMap(row -> operations()
                        .map(operation -> DynamicTest.dynamicTest(
                                row.to() + " " + operation,
                                () -> assertThat(row.after(operation))
                                        .isEqualTo(row.then().getOrDefault(operation, row.before())))));
    }

    @TestFactory
    Stream<DynamicTest> whatCannotBeDoneIsTold() {
        return ROWS.stream()
                .filter(row -> row.to() != ApplyTo.BOOTSTRAP)
                .flatMap(row -> operations()
                        .map(operation -> DynamicTest.dynamicTest(row.to() + " " + operation, () -> {
                            List<Untranslated> problems = PatchedMesh.resources(row.text(operation))
                                    .notes()
                                    .problems();
                            if (row.then().containsKey(operation)) {
                                assertThat(problems).isEmpty();
                            } else {
                                assertThat(problems)
                                        .singleElement()
                                        .hasToString("EnvoyFilter default/p: spec.configPatches[0].patch.operation: "
                                                + operation + " cannot be done to a " + row.to()
                                                + ", so the patch is left out");
                            }
                        })));
    }
}
