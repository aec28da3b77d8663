package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Ingresses route as Kubernetes says. */
class IngressTest {
    private final EnvoyResources resources =
            Translator.translate(MeshFolder.read(Map.of("mesh.yaml", MESH)).snapshot(), Proxies.ingress());
    private final Simulator edge = new Simulator(resources);

    private Outcome get(String host, String path) {
        return edge.edge(Call.get(host, 8080, path));
    }

    private static Outcome to(String service, String path) {
        return new Outcome.Forwarded(
                Map.of("outbound|80||" + service + ".default.svc.cluster.local", 100), path, "", "");
    }

    @Test
    void pathsAreExactOrPrefixesByElement() {
        assertThat(get("a.example.com", "/x")).isEqualTo(to("v1", "/x"));
        assertThat(get("a.example.com", "/x/y")).isEqualTo(to("v1", "/x/y"));
        assertThat(get("a.example.com", "/xy")).isEqualTo(to("web", "/xy"));
        assertThat(get("a.example.com", "/x/exact")).isEqualTo(to("v2", "/x/exact"));
        assertThat(get("a.example.com", "/old/y")).isEqualTo(to("v2", "/old/y"));
    }

    @Test
    void theDefaultBackendTakesTheRest() {
        assertThat(get("a.example.com", "/else")).isEqualTo(to("web", "/else"));
        assertThat(get("b.example.com", "/else")).isEqualTo(to("web", "/else"));
    }

    @Test
    void aWildcardIsOneLabel() {
        assertThat(get("one.wild.org", "/")).isEqualTo(to("v1", "/"));
        assertThat(get("one.two.wild.org", "/")).isEqualTo(new Outcome.Answered(404, ""));
    }

    @Test
    void aRuleThatSeveralServersOfAPortHaveIsThereOnce() {
        assertThat(resources.routes().stream()
                        .filter(routes -> routes.getName().equals("http.80"))
                        .flatMap(routes -> routes.getVirtualHostsList().stream())
                        .filter(host -> host.getDomainsList().contains("a.example.com"))
                        .flatMap(host -> host.getRoutesList().stream())
                        .filter(route -> route.getMatch().getPath().equals("/x")))
                .hasSize(1);
    }

    @Test
    void envoyTakesIt(@TempDir Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
    }

    private static final String SERVICE =
            "---\n{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {ports: [{name: http, port: 80}]}}\n";

    private static final String MESH =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: istio-ingressgateway, namespace: istio-system}
            spec:
              clusterIP: 10.96.3.1
              selector: {istio: ingressgateway}
              ports: [{name: http2, port: 80, targetPort: 8080}]
            """ + SERVICE.formatted("web") + SERVICE.formatted("v1") + SERVICE.formatted("v2") + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: one, annotations: {kubernetes.io/ingress.class: istio}}
            spec:
              defaultBackend: {service: {name: web, port: {number: 80}}}
              rules:
              - host: a.example.com
                http:
                  paths:
                  - {path: /x, pathType: Prefix, backend: {service: {name: v1, port: {number: 80}}}}
                  - {path: /x/exact, pathType: Exact, backend: {service: {name: v2, port: {name: http}}}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: two, annotations: {kubernetes.io/ingress.class: istio}}
            spec:
              rules:
              - host: a.example.com
                http:
                  paths:
                  - {path: "/old/*", pathType: ImplementationSpecific, backend: {service: {name: v2, port: {number: 80}}}}
              - host: "*.wild.org"
                http:
                  paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: v1, port: {number: 80}}}}
            """;
}
