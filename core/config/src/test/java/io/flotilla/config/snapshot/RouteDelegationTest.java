package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteDelegationTest {
    private static final String ROOT = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: edge}
            spec:
              hosts: [shop.example.com]
              http:
              - match: [{uri: {prefix: /books}, headers: {x-user: {exact: a}}}]
                timeout: 3s
                retries: {attempts: 1}
                delegate: {name: books, namespace: books}
              - route: [{destination: {host: front}}]
            """;

    private static String books(String spec) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: books, namespace: books}
                spec: %s
                """.formatted(spec);
    }

    private static List<HTTPRoute> routes(String... manifests) {
        List<Config<VirtualService>> rules = TestMesh.of(manifests).virtualServices("edge");
        assertThat(rules).hasSize(1);
        return rules.getFirst().spec().getHttpList();
    }

    @Test
    void takesTheRoutesOfTheDelegateInPlaceOfItsOwn() {
        List<HTTPRoute> routes = routes(ROOT, books("""
                        {http: [{match: [{uri: {prefix: /books/old}}], timeout: 1s, route: [{destination: {host: old}}]},
                                {route: [{destination: {host: new}}]}]}"""));
        assertThat(routes).hasSize(3);
        HTTPRoute first = routes.get(0);
        assertThat(first.getMatchList()).hasSize(1);
        assertThat(first.getMatch(0).getUri().getPrefix()).isEqualTo("/books/old");
        assertThat(first.getMatch(0).getHeadersOrThrow("x-user").getExact()).isEqualTo("a");
        assertThat(first.getTimeout().getSeconds()).isEqualTo(1);
        assertThat(first.getRetries().getAttempts()).isEqualTo(1);
        assertThat(first.getRoute(0).getDestination().getHost()).isEqualTo("old.books.svc.cluster.local");
        assertThat(routes.get(1).getMatch(0).getUri().getPrefix()).isEqualTo("/books");
        assertThat(routes.get(1).getTimeout().getSeconds()).isEqualTo(3);
        assertThat(routes.get(2).getRoute(0).getDestination().getHost()).isEqualTo("front");
        assertThat(routes).noneMatch(HTTPRoute::hasDelegate);
    }

    @Test
    void leavesOutWhatContradictsTheRoot() {
        List<HTTPRoute> routes = routes(ROOT, books("""
                        {http: [{match: [{uri: {prefix: /other}}, {uri: {regex: /books.*}}],
                                 route: [{destination: {host: old}}]},
                                {match: [{headers: {x-user: {exact: b}}}], route: [{destination: {host: old}}]}]}"""));
        assertThat(routes).hasSize(1);
        assertThat(routes.getFirst().getRoute(0).getDestination().getHost()).isEqualTo("front");
    }

    @Test
    void leavesOutADelegateThatIsNotThereOrNotExported() {
        assertThat(routes(ROOT)).hasSize(1);
        assertThat(routes(ROOT, books("{exportTo: [.], http: [{route: [{destination: {host: new}}]}]}")))
                .hasSize(1);
    }

    @Test
    void readsTheHeaderFieldsOfOldAsThoseOfToday() {
        List<HTTPRoute> routes = routes("""
                apiVersion: networking.istio.io/v1alpha3
                kind: VirtualService
                metadata: {name: shop, namespace: edge}
                spec:
                  hosts: [shop.example.com]
                  http:
                  - appendRequestHeaders: {x-a: "1", x-b: "1"}
                    removeResponseHeaders: [x-c]
                    headers: {request: {add: {x-b: "2"}}}
                    route: [{destination: {host: front}, appendResponseHeaders: {x-d: "3"}}]
                """);
        HTTPRoute route = routes.getFirst();
        assertThat(route.getHeaders().getRequest().getAddMap())
                .containsOnly(java.util.Map.entry("x-a", "1"), java.util.Map.entry("x-b", "2"));
        assertThat(route.getHeaders().getResponse().getRemoveList()).containsExactly("x-c");
        assertThat(route.getRoute(0).getHeaders().getResponse().getAddMap())
                .containsOnly(java.util.Map.entry("x-d", "3"));
    }
}
