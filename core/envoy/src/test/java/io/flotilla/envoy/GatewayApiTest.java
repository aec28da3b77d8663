package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of the Gateway API route as that API says. */
class GatewayApiTest {
    private static final String GONE = "MISSING outbound|80||backend-not-resolved.invalid";

    private final MeshFolder mesh = MeshFolder.read(Map.of("mesh.yaml", MESH));
    private final MeshSnapshot snapshot = mesh.snapshot();
    private final EnvoyResources resources = Translator.translate(snapshot, Proxies.ingress());
    private final Simulator edge = new Simulator(resources);

    private static Outcome to(String service, String path) {
        return new Outcome.Forwarded(Map.of(cluster(service), 100), path, "", "");
    }

    private static String cluster(String service) {
        return "outbound|80||" + service + ".svc.cluster.local";
    }

    private Outcome get(String host, String path) {
        return edge.edge(Call.get(host, 8080, path));
    }

    @Test
    void prefixesGoByElement() {
        assertThat(get("a.example.com", "/foo")).isEqualTo(to("v1.default", "/foo"));
        assertThat(get("a.example.com", "/foo/bar")).isEqualTo(to("v1.default", "/foo/bar"));
        assertThat(get("a.example.com", "/foobar")).isEqualTo(to("web.default", "/foobar"));
    }

    @Test
    void theMoreSpecificConditionGoesFirstAcrossRoutes() {
        assertThat(get("a.example.com", "/foo/longer/x")).isEqualTo(to("v2.default", "/foo/longer/x"));
        assertThat(get("a.example.com", "/foo/exact")).isEqualTo(to("v2.default", "/foo/exact"));
        assertThat(edge.edge(Call.get("a.example.com", 8080, "/foo").method("POST")))
                .isEqualTo(to("v2.default", "/foo"));
        assertThat(edge.edge(Call.get("a.example.com", 8080, "/foo").with("x-env", "test")))
                .isEqualTo(to("web.default", "/foo"));
    }

    @Test
    void hostsAreThoseOfRouteAndListener() {
        assertThat(get("b.example.com", "/")).isEqualTo(new Outcome.Answered(404, ""));
        assertThat(get("own.example.com", "/")).isEqualTo(to("v1.default", "/"));
        assertThat(get("own.example.com", "/foo"))
                .as("of the listener for this host alone")
                .isEqualTo(to("v1.default", "/foo"));
    }

    @Test
    void prefixesAreReplaced() {
        assertThat(get("a.example.com", "/old/x")).isEqualTo(to("web.default", "/new/x"));
        assertThat(get("a.example.com", "/old")).isEqualTo(to("web.default", "/new"));
        assertThat(get("a.example.com", "/moved/x"))
                .isEqualTo(new Outcome.Answered(302, "https://a.example.com/here/x"));
    }

    @Test
    void backendsOfOtherNamespacesNeedAGrant() {
        assertThat(get("a.example.com", "/granted")).isEqualTo(to("granted.other", "/granted"));
        assertThat(get("a.example.com", "/refused")).isEqualTo(new Outcome.Answered(500, ""));
    }

    @Test
    void theShareOfAMissingBackendIsAnError() {
        assertThat(get("a.example.com", "/split"))
                .isEqualTo(new Outcome.Forwarded(Map.of(cluster("web.default"), 3, GONE, 1), "/split", "", ""));
        assertThat(EnvoyJson.of(resources)).contains("INTERNAL_SERVER_ERROR");
    }

    @Test
    void tlsPassesByName() {
        assertThat(EnvoyJson.of(resources)).contains("passthrough_db.example.com");
    }

    @Test
    void envoyTakesIt(@TempDir Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
    }

    private static final String SERVICE = """
            ---
            {apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, spec: {ports: [{name: http, port: 80}]}}
            """;

    private static final String MESH = """
            apiVersion: v1
            kind: Service
            metadata: {name: istio-ingressgateway, namespace: istio-system}
            spec:
              clusterIP: 10.96.3.1
              selector: {istio: ingressgateway}
              ports: [{name: http2, port: 80, targetPort: 8080}, {name: tls, port: 443, targetPort: 8443}]
            """ + SERVICE.formatted("web", "default") + SERVICE.formatted("v1", "default")
            + SERVICE.formatted("v2", "default") + SERVICE.formatted("granted", "other") + """
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec:
              gatewayClassName: istio
              listeners:
              - {name: wild, port: 80, protocol: HTTP, hostname: "*.example.com"}
              - {name: own, port: 80, protocol: HTTP, hostname: own.example.com}
              - {name: tls, port: 443, protocol: TLS, hostname: "*.example.com", tls: {mode: Passthrough}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: one}
            spec:
              parentRefs: [{name: edge, sectionName: wild}]
              hostnames: [a.example.com, own.example.com, elsewhere.org]
              rules:
              - backendRefs: [{name: web, port: 80}]
              - matches: [{path: {value: /foo}}]
                backendRefs: [{name: v1, port: 80}]
              - matches: [{path: {value: /old}}]
                filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]
                backendRefs: [{name: web, port: 80}]
              - matches: [{path: {value: /moved}}]
                filters:
                - type: RequestRedirect
                  requestRedirect: {scheme: https, path: {type: ReplacePrefixMatch, replacePrefixMatch: /here}}
              - matches: [{path: {value: /granted}}]
                backendRefs: [{name: granted, namespace: other, port: 80}]
              - matches: [{path: {value: /refused}}]
                backendRefs: [{name: granted, namespace: third, port: 80}]
              - matches: [{path: {value: /split}}]
                backendRefs: [{name: web, port: 80, weight: 3}, {name: gone, port: 80}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: two}
            spec:
              parentRefs: [{name: edge, sectionName: wild}]
              hostnames: [a.example.com]
              rules:
              - matches:
                - path: {value: /foo/longer}
                - path: {type: Exact, value: /foo/exact}
                - {path: {value: /foo}, method: POST}
                backendRefs: [{name: v2, port: 80}]
              - matches: [{path: {value: /foo}, headers: [{name: X-Env, value: test}]}]
                backendRefs: [{name: web, port: 80}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: own}
            spec:
              parentRefs: [{name: edge, sectionName: own}]
              rules: [{backendRefs: [{name: v1, port: 80}]}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: TLSRoute
            metadata: {name: db}
            spec:
              parentRefs: [{name: edge}]
              hostnames: [db.example.com]
              rules: [{backendRefs: [{name: web, port: 80}]}]
            ---
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: {name: grant, namespace: other}
            spec:
              from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}]
              to: [{group: "", kind: Service, name: granted}]
            """;
}
