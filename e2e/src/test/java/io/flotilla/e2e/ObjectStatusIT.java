package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.Consumer;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Galley tells the owners of objects through a real Kubernetes API, and which namespaces it reads there. */
@OfServices
class ObjectStatusIT {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";
    private static final int ROUTES_EACH = 6;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ApiServer api;

    @SuppressWarnings("NullAway.Init") // by start()
    private static SuiteService galley;

    @BeforeAll
    static void start() {
        api = ApiServer.start(folder);
        api.installCrds();
        api.applyOrFail(gatewayApi("GatewayClass", "gatewayclass", "es", "Cluster")
                + gatewayApi("Gateway", "gateway", "s", "Namespaced")
                + gatewayApi("HTTPRoute", "httproute", "s", "Namespaced"));
        api.applyOrFail("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: istio-system}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: istio-system}
                spec:
                  clusterIP: 10.0.0.9
                  externalIPs: [192.0.2.9]
                  selector: {istio: ingressgateway}
                  ports: [{name: http, port: 80}]
                """);
        galley = SuiteService.galley(folder, api, Map.of("FLOTILLA_KUBERNETES_WRITE_STATUS", "true"))
                .startAndAwaitReady();
    }

    @AfterAll
    static void stop() {
        galley.kill();
        api.close();
    }

    /** A kind of the Gateway API as a server stores it: its schema is not what is looked at here. */
    private static String gatewayApi(String kind, String singular, String plural, String scope) {
        return """
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: %2$s%3$s.gateway.networking.k8s.io
                  annotations: {api-approved.kubernetes.io: "unapproved, for tests"}
                spec:
                  group: gateway.networking.k8s.io
                  scope: %4$s
                  names: {kind: %1$s, listKind: %1$sList, singular: %2$s, plural: %2$s%3$s}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      subresources: {status: {}}
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(kind, singular, plural, scope);
    }

    private static void awaits(Predicate<String> expected, String... get) {
        Eventually.holdsSlowly(
                LIMIT,
                () -> api.kubectl(get).out() + galley.get("/debug/derived") + galley.output(),
                () -> expected.test(api.kubectl(get).out()));
    }

    private static void awaitStatus(String expected, String object, String path) {
        awaits(expected::equals, "-n", "shop", "get", object, "-o", "jsonpath=" + path);
    }

    /** "TYPE=STATUS/REASON " of each condition below a path. */
    private static String conditions(String at) {
        return "{range " + at + ".conditions[*]}{.type}={.status}/{.reason} {end}";
    }

    @Test
    void gatewayApiAndIngressTellHowTheyAreServed() {
        api.applyOrFail("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: reviews, namespace: shop}
                spec: {clusterIP: 10.0.0.10, ports: [{name: http, port: 80}]}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: shop}
                spec:
                  gatewayClassName: istio
                  listeners: [{name: web, port: 80, protocol: HTTP}, {name: odd, port: 53, protocol: UDP}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: reviews, namespace: shop}
                spec:
                  parentRefs: [{name: edge, sectionName: web}]
                  rules: [{backendRefs: [{name: absent, port: 80}]}]
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: old, namespace: shop, annotations: {kubernetes.io/ingress.class: istio}}
                spec: {defaultBackend: {service: {name: reviews, port: {number: 80}}}}
                """);
        awaitStatus(
                "Accepted=True/ListenersNotValid Programmed=True/Programmed ",
                "gateways.gateway.networking.k8s.io/edge",
                conditions(".status"));
        awaitStatus(
                "web:1 odd:0 ",
                "gateways.gateway.networking.k8s.io/edge",
                "{range .status.listeners[*]}{.name}:{.attachedRoutes} {end}");
        awaitStatus("192.0.2.9", "gateways.gateway.networking.k8s.io/edge", "{.status.addresses[0].value}");
        String parent = ".status.parents[?(@.controllerName=='flotilla.io/gateway-controller')]";
        awaitStatus(
                "Accepted=True/Accepted ResolvedRefs=False/BackendNotFound ", "httproute/reviews", conditions(parent));
        awaitStatus("192.0.2.9", "ingress/old", "{.status.loadBalancer.ingress[0].ip}");

        // Another controller's word on the same route stays.
        api.kubectl(
                        "-n",
                        "shop",
                        "patch",
                        "httproute",
                        "reviews",
                        "--subresource=status",
                        "--type=json",
                        "-p",
                        "[{\"op\": \"add\", \"path\": \"/status/parents/-\", \"value\": {\"controllerName\":"
                                + " \"example.com/other\", \"parentRef\": {\"name\": \"edge\"}, \"conditions\": []}}]")
                .orFail();
        api.kubectl(
                        "-n",
                        "shop",
                        "patch",
                        "httproute",
                        "reviews",
                        "--type=json",
                        "-p",
                        "[{\"op\": \"replace\", \"path\": \"/spec/rules/0/backendRefs/0/name\","
                                + " \"value\": \"reviews\"}]")
                .orFail();
        awaitStatus("Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs ", "httproute/reviews", conditions(parent));
        awaitStatus("2 2 ", "httproute/reviews", "{range " + parent + ".conditions[*]}{.observedGeneration} {end}");
        awaits(
                out -> out.contains("example.com/other"),
                "-n",
                "shop",
                "get",
                "httproute",
                "reviews",
                "-o",
                "jsonpath={.status.parents[*].controllerName}");
    }

    @Test
    void findingsAcrossObjectsComeAndGoInTheStatus() {
        api.applyOrFail("""
                apiVersion: v1
                kind: Service
                metadata: {name: ratings, namespace: default}
                spec: {clusterIP: 10.0.0.11, ports: [{name: http, port: 80}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: ratings, namespace: default}
                spec: {hosts: [ratings], http: [{route: [{destination: {host: ratings, subset: v9}}]}]}
                """);
        String[] messages = {
            "get",
            "virtualservice",
            "ratings",
            "-o",
            "jsonpath={range .status.validationMessages[*]}{.level} {.path} {.message} {.type.code};{end}"
        };
        awaits(out -> out.contains("spec.http[0].route[0].destination") && out.contains("v9"), messages);
        // Nothing is wrong with the object by itself.
        awaits(
                "Accepted=True/Accepted "::equals,
                "get",
                "virtualservice",
                "ratings",
                "-o",
                "jsonpath=" + conditions(".status"));
        api.applyOrFail("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: ratings, namespace: default}
                spec: {host: ratings, subsets: [{name: v9, labels: {version: v9}}]}
                """);
        awaits(out -> !out.contains("destination"), messages);
    }

    @Test
    void onlySelectedNamespacesAreReadAndALabelIsFollowed() {
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < ROUTES_EACH; i++) {
            routes.append(route("inside", i)).append(route("outside", i));
        }
        api.applyOrFail(routes.toString());
        // For longer than anybody here waits, the guard would keep back what it takes for an accident.
        Map<String, String> settings =
                Map.of("FLOTILLA_KUBERNETES_NAMESPACE_SELECTOR", "mesh=on", "FLOTILLA_KUBERNETES_CONFIRM_AFTER", "1h");
        try (SuiteService selective = SuiteService.galley(folder.resolve("pki"), api, settings)
                        .startAndAwaitReady();
                Consumer consumer = new Consumer(selective.port())) {
            Eventually.holds(
                    LIMIT, selective::output, () -> consumer.names(ROUTES).isEmpty());
            label("inside", "mesh=on");
            awaitRoutes(consumer, selective, Set.of("inside"));
            label("outside", "mesh=on");
            awaitRoutes(consumer, selective, Set.of("inside", "outside"));
            // More than half of all routes go at once, and that is what was asked for.
            label("inside", "mesh-");
            awaitRoutes(consumer, selective, Set.of("outside"));
            label("outside", "mesh-");
            awaitRoutes(consumer, selective, Set.of());
            assertThat(selective.get("/debug/sources/kubernetes")).doesNotContain("deletionsHeld");
            label("inside", "mesh=on");
            awaitRoutes(consumer, selective, Set.of("inside"));
            selective.kill();
        }
    }

    private static void label(String namespace, String label) {
        api.kubectl("label", "--overwrite", "namespace", namespace, label).orFail();
    }

    private static void awaitRoutes(Consumer consumer, SuiteService selective, Set<String> namespaces) {
        Eventually.holds(LIMIT, () -> consumer.names(ROUTES) + selective.get("/debug/sources/kubernetes"), () -> {
            Set<String> names = consumer.names(ROUTES);
            return names.size() == namespaces.size() * ROUTES_EACH
                    && names.stream().allMatch(name -> namespaces.contains(name.split("/", 2)[0]));
        });
    }

    private static String route(String namespace, int number) {
        return """
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: route-%2$d, namespace: %1$s}
                spec: {hosts: [host-%2$d], http: [{route: [{destination: {host: reviews}}]}]}
                """.formatted(namespace, number);
    }
}
