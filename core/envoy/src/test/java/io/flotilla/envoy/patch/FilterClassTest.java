package io.flotilla.envoy.patch;

import static io.flotilla.envoy.patch.PatchedMesh.chains;
import static io.flotilla.envoy.patch.PatchedMesh.filter;
import static io.flotilla.envoy.patch.PatchedMesh.last;
import static io.flotilla.envoy.patch.PatchedMesh.listener;
import static io.flotilla.envoy.patch.PatchedMesh.manager;
import static io.flotilla.envoy.patch.PatchedMesh.resources;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where filters of a class stand, among those of connections and of requests. */
class FilterClassTest {
    private static final String GUARDED = """
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: tokens, namespace: default}
            spec: {jwtRules: [{issuer: someone, jwks: '{"keys": []}'}]}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: friends, namespace: default}
            spec: {rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/friend]}}]}]}
            """;

    private static String added(String to, String name, String filterClass) {
        return filter(name, """
                configPatches:
                - applyTo: %s
                  match: {context: SIDECAR_INBOUND}
                  patch: {operation: ADD, filterClass: %s, value: {name: %s}}
                """.formatted(to, filterClass, name));
    }

    private static FilterChain chain(String name, String... patches) {
        return chains(listener(resources(patches), "virtualInbound"))
                .filter(chain -> chain.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> connections(String... patches) {
        return chain("inbound|9090||mtls-tcp", patches).getFiltersList().stream()
                .map(filter -> last(filter.getName()))
                .toList();
    }

    private static List<String> requests(FilterChain chain) {
        return manager(chain.getFiltersList().getLast()).getHttpFiltersList().stream()
                .map(filter -> last(filter.getName()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "AUTHN, set_filter_state tcp extra rbac tcp_proxy",
        "AUTHZ, set_filter_state tcp rbac extra tcp_proxy",
        "STATS, set_filter_state tcp rbac extra tcp_proxy",
        "UNSPECIFIED, set_filter_state tcp rbac extra tcp_proxy",
    })
    void filtersOfConnectionsStandByTheirClass(String filterClass, String then) {
        assertThat(connections(GUARDED, added("NETWORK_FILTER", "extra", filterClass)))
                .containsExactly(then.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTHN, 'http jwt_authn extra rbac'",
        "AUTHZ, 'http jwt_authn rbac extra'",
        "STATS, 'extra router'",
        "UNSPECIFIED, 'extra router'",
    })
    void filtersOfRequestsStandByTheirClass(String filterClass, String then) {
        List<String> filters =
                requests(chain("inbound|8080||mtls-http", GUARDED, added("HTTP_FILTER", "extra", filterClass)));
        assertThat(filters).containsSubsequence(then.split(" "));
        assertThat(filters).containsOnlyOnce("extra");
    }

    @Test
    void filtersOfOneClassStandInTheOrderOfTheirPatchesAndClassesInTheirs() {
        assertThat(connections(
                        GUARDED,
                        added("NETWORK_FILTER", "a", "AUTHZ"),
                        added("NETWORK_FILTER", "b", "AUTHN"),
                        added("NETWORK_FILTER", "c", "AUTHZ"),
                        added("NETWORK_FILTER", "d", "AUTHN"),
                        added("NETWORK_FILTER", "e", "STATS")))
                .containsExactly("set_filter_state", "tcp", "b", "d", "rbac", "a", "c", "e", "tcp_proxy");
    }

    @Test
    void whereNothingGuardsTheFirstPlacesAreTaken() {
        List<String> filters = chain(
                        "inbound|9090||tcp",
                        added("NETWORK_FILTER", "a", "AUTHZ"),
                        added("NETWORK_FILTER", "b", "AUTHN"),
                        added("NETWORK_FILTER", "c", "AUTHZ"))
                .getFiltersList()
                .stream()
                .map(filter -> last(filter.getName()))
                .toList();
        assertThat(filters).containsExactly("b", "a", "c", "tcp_proxy");
    }
}
