package io.flotilla.envoy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** EnvoyFilters in the form of 1.1: which listeners, and where in them. */
class ClassicFiltersTest {
    private static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec:
              clusterIP: 10.0.0.5
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 90}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: other, namespace: default}
            spec: {clusterIP: 10.0.1.5, ports: [{name: tcp, port: 90}]}
            ---
            """;

    @Test
    void listenersAreFoundByTheAddressToWhichTheyAreBound() {
        assertThat(guarded("[10.0.0.0/24]")).containsExactly("10.0.0.5_90");
        assertThat(guarded("[10.0.1.5, 10.9.9.9]")).containsExactly("10.0.1.5_90");
        assertThat(guarded("[10.9.9.9]")).isEmpty();
        assertThat(guarded("[10.0.0.0/15]")).containsExactly("10.0.0.5_90", "10.0.1.5_90");
    }

    @Test
    void filtersStandWhereThePositionPutsThem() throws Exception {
        assertThat(order("{index: FIRST}").getFirst()).isEqualTo("envoy.filters.http.buffer");
        assertThat(order("{index: LAST}")).endsWith("envoy.filters.http.buffer", "envoy.filters.http.router");
        assertThat(order("{index: BEFORE, relativeTo: envoy.router}"))
                .endsWith("envoy.filters.http.buffer", "envoy.filters.http.router");
        assertThat(order("{index: BEFORE, relativeTo: envoy.cors}"))
                .containsSubsequence("envoy.filters.http.buffer", "envoy.filters.http.cors");
        List<String> after = order("{index: AFTER, relativeTo: envoy.cors}");
        assertThat(after.get(after.indexOf("envoy.filters.http.cors") + 1)).isEqualTo("envoy.filters.http.buffer");
    }

    @Test
    void codeOfLuaStandsWhereEnvoyLooksForItNow() {
        assertThat(io.flotilla.envoy.EnvoyJson.of(told("""
                  - listenerMatch: {listenerType: SIDECAR_OUTBOUND, listenerProtocol: HTTP, portNumber: 80}
                    filterType: HTTP
                    filterName: envoy.lua
                    filterConfig: {inlineCode: "function envoy_on_request(handle) end"}
                """)))
                .containsIgnoringWhitespaces("""
                        "defaultSourceCode": {"inlineString": "function envoy_on_request(handle) end"}""")
                .doesNotContain("inlineCode");
    }

    // The names of the outbound listeners that have the filter.
    private static List<String> guarded(String addresses) {
        return told("""
                  - listenerMatch: {listenerType: SIDECAR_OUTBOUND, listenerProtocol: TCP, address: %s}
                    filterType: NETWORK
                    filterName: envoy.filters.network.ext_authz
                    filterConfig: {statPrefix: authz, grpcService: {envoyGrpc: {clusterName: BlackHoleCluster}}}
                """.formatted(addresses)).listeners().stream()
                .filter(listener -> Stream.concat(
                                listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain()))
                        .flatMap(chain -> chain.getFiltersList().stream())
                        .anyMatch(filter -> filter.getName().equals("envoy.filters.network.ext_authz")))
                .map(Listener::getName)
                .toList();
    }

    private static List<String> order(String position) throws InvalidProtocolBufferException {
        Filter manager = told("""
                  - listenerMatch: {listenerType: SIDECAR_OUTBOUND, listenerProtocol: HTTP, portNumber: 80}
                    insertPosition: %s
                    filterType: HTTP
                    filterName: envoy.buffer
                    filterConfig: {maxRequestBytes: 4000}
                """.formatted(position)).listeners().stream()
                .filter(listener -> listener.getName().equals("0.0.0.0_80"))
                .flatMap(listener -> listener.getFilterChainsList().stream())
                .map(FilterChain::getFiltersList)
                .flatMap(List::stream)
                .filter(filter -> filter.getName().endsWith("http_connection_manager"))
                .findFirst()
                .orElseThrow();
        return manager.getTypedConfig().unpack(HttpConnectionManager.class).getHttpFiltersList().stream()
                .map(HttpFilter::getName)
                .toList();
    }

    private static EnvoyResources told(String filters) {
        String object = """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: classic, namespace: default}
            spec:
              filters:
            """ + filters;
        return Translator.translate(MeshFiles.of(SERVICES + object), Proxies.sidecar("client", "v1"));
    }
}
