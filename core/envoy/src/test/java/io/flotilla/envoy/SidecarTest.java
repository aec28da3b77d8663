package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Simulator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Sidecar lets a workload see, and where it listens. */
class SidecarTest {
    private static final String SERVICES = Stream.of("a/default", "b/default", "c/far")
            .map(each -> each.split("/"))
            .map(each -> """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s, namespace: %s}
                    spec:
                      selector: {app: %1$s}
                      ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 90}]
                    ---
                    """.formatted(each[0], each[1]))
            .reduce("", String::concat);
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: routed, namespace: default}
            spec:
              hosts: [routed.example.com]
              http: [{route: [{destination: {host: c.far.svc.cluster.local}}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: a, namespace: default}
            spec:
              host: a
              trafficPolicy: {tls: {mode: DISABLE}}
            ---
            """;

    private static MeshSnapshot mesh(String... sidecars) {
        return MeshFiles.of(SERVICES + RULES + String.join("---\n", sidecars));
    }

    private static String sidecar(String name, String namespace, String spec) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: %s, namespace: %s}
                spec:
                """.formatted(name, namespace) + spec.indent(2);
    }

    private static String egress(String... hosts) {
        return "egress: [{hosts: ["
                + String.join(
                        ", ", Stream.of(hosts).map(host -> '"' + host + '"').toList()) + "]}]";
    }

    private static EnvoyResources client(MeshSnapshot mesh) {
        return Translator.translate(mesh, Proxies.sidecar("client", "v1"));
    }

    private static List<String> clusters(EnvoyResources resources) {
        return resources.clusters().stream()
                .map(Cluster::getName)
                .filter(name -> name.startsWith("outbound|80|"))
                .map(name -> name.substring("outbound|80||".length()))
                .toList();
    }

    private static Outcome call(EnvoyResources resources, String host, int port) {
        return new Simulator(resources).outbound(Call.get(host, port, "/"));
    }

    private static Outcome to(String cluster) {
        return new Outcome.Forwarded(Map.of(cluster, 100), "/", "", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ./*; a b c
            ./a.default.svc.cluster.local; a
            default/*.default.svc.cluster.local; a b
            far/*; c
            */*; a b c
            */c.far.svc.cluster.local; c
            ~/*; ''
            ./routed.example.com; c
            far/a.default.svc.cluster.local; ''
            """)
    void hostsSayWhatIsImportedAndRoutesBringWhatTheyLeadTo(String hosts, String services) {
        assertThat(clusters(client(mesh(sidecar("s", "default", egress(hosts))))))
                .extracting(host -> host.substring(0, 1))
                .containsExactlyElementsOf(services.isEmpty() ? List.of() : List.of(services.split(" ")));
    }

    @Test
    void theOneThatSelectsComesBeforeTheNamespacesBeforeTheRoots() {
        String root = sidecar("root", "istio-system", egress("*/a.default.svc.cluster.local"));
        String own = sidecar("own", "default", egress("*/b.default.svc.cluster.local"));
        String chosen = sidecar(
                "chosen",
                "default",
                "workloadSelector: {labels: {version: v1}}\n" + egress("*/c.far.svc.cluster.local"));
        assertThat(clusters(client(mesh()))).hasSize(3);
        assertThat(clusters(client(mesh(root)))).containsExactly("a.default.svc.cluster.local");
        assertThat(clusters(client(mesh(root, own)))).containsExactly("b.default.svc.cluster.local");
        assertThat(clusters(client(mesh(root, own, chosen)))).containsExactly("c.far.svc.cluster.local");
        EnvoyResources other = Translator.translate(mesh(root, own, chosen), Proxies.sidecar("client", "v2"));
        assertThat(clusters(other)).containsExactly("b.default.svc.cluster.local");
        assertThat(clusters(Translator.translate(mesh(root), Proxies.ingress())))
                .as("edges have no Sidecar")
                .hasSize(3);
    }

    @Test
    void whatIsNotImportedPassesOrIsRefused() {
        EnvoyResources open = client(mesh(sidecar("s", "default", egress("./*"))));
        assertThat(call(open, "c.far", 80)).isEqualTo(to("PassthroughCluster"));
        EnvoyResources closed =
                client(mesh(sidecar("s", "default", egress("./*") + "\noutboundTrafficPolicy: {mode: REGISTRY_ONLY}")));
        assertThat(call(closed, "c.far", 80)).isEqualTo(new Outcome.Answered(502, ""));
        assertThat(call(closed, "a", 80)).isEqualTo(to("outbound|80||a.default.svc.cluster.local"));
        assertThat(call(closed, "a", 7)).isEqualTo(new Outcome.Tcp(Map.of("BlackHoleCluster", 100)));
        EnvoyResources proxied = client(mesh(sidecar(
                "s",
                "default",
                egress("./a.default.svc.cluster.local")
                        + "\noutboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: b, port: {number: 90}}}")));
        assertThat(call(proxied, "www.example.com", 80)).isEqualTo(to("outbound|90||b.default.svc.cluster.local"));
        assertThat(call(proxied, "www.example.com", 7))
                .isEqualTo(new Outcome.Tcp(Map.of("outbound|90||b.default.svc.cluster.local", 100)));
    }

    @Test
    void aListenerOfItsOwnReachesItsHostsAlone() {
        EnvoyResources resources = client(mesh(sidecar("s", "default", """
                egress:
                - port: {number: 80, protocol: HTTP, name: web}
                  hosts: [./a.default.svc.cluster.local]
                - port: {number: 9090, protocol: HTTP, name: local}
                  bind: 127.0.0.1
                  captureMode: NONE
                  hosts: ["*/*"]
                - hosts: ["./*", "far/*"]
                """)));
        assertThat(call(resources, "a", 80)).isEqualTo(to("outbound|80||a.default.svc.cluster.local"));
        assertThat(call(resources, "b", 80)).isEqualTo(to("PassthroughCluster"));
        Listener local = resources.listeners().stream()
                .filter(listener -> listener.getName().equals("127.0.0.1_9090"))
                .findFirst()
                .orElseThrow();
        assertThat(local.getBindToPort().getValue()).isTrue();
        assertThat(call(resources, "unknown", 9090).toString()).doesNotContain("BlackHole");
        assertThat(new Simulator(resources)
                        .outbound(Call.get("unknown", 9090, "/").to("127.0.0.1")))
                .as("passing on would come back to the listener")
                .isEqualTo(new Outcome.Answered(502, ""));
    }

    @Test
    void ingressListenersReplaceTheServicesPorts() {
        String spec = """
                workloadSelector: {labels: {app: a}}
                ingress:
                - port: {number: 8080, protocol: HTTP, name: web}
                  defaultEndpoint: 127.0.0.1:9000
                - port: {number: 8081, protocol: HTTP, name: same}
                - port: {number: 8082, protocol: HTTP, name: other}
                  defaultEndpoint: 0.0.0.0:9002
                - port: {number: 8083, protocol: TCP, name: socket}
                  defaultEndpoint: unix:///var/run/app.sock
                  captureMode: NONE
                """;
        EnvoyResources resources =
                Translator.translate(mesh(sidecar("s", "default", spec)), Proxies.sidecar("a", "v1"));
        assertThat(resources.clusters().stream().map(Cluster::getName).filter(name -> name.startsWith("inbound|")))
                .containsExactly("inbound|8080||", "inbound|8081||", "inbound|8082||", "inbound|8083||");
        assertThat(address(inbound(resources, 8080)).getSocketAddress().getPortValue())
                .isEqualTo(9000);
        assertThat(inbound(resources, 8081).getType()).isEqualTo(Cluster.DiscoveryType.ORIGINAL_DST);
        assertThat(inbound(resources, 8082)
                        .getOriginalDstLbConfig()
                        .getUpstreamPortOverride()
                        .getValue())
                .isEqualTo(9002);
        assertThat(address(inbound(resources, 8083)).getPipe().getPath()).isEqualTo("/var/run/app.sock");
        assertThat(resources.listeners()).extracting(Listener::getName).contains("0.0.0.0_8083", "virtualInbound");
    }

    private static Cluster inbound(EnvoyResources resources, int port) {
        return resources.clusters().stream()
                .filter(cluster -> cluster.getName().equals(Names.inbound(port)))
                .findFirst()
                .orElseThrow();
    }

    private static io.envoyproxy.envoy.config.core.v3.Address address(Cluster cluster) {
        return cluster.getLoadAssignment()
                .getEndpoints(0)
                .getLbEndpoints(0)
                .getEndpoint()
                .getAddress();
    }

    @Test
    void proxiesWithTheSameSidecarShareEveryByte() {
        MeshSnapshot mesh = mesh(
                sidecar("s", "default", egress("./*")),
                sidecar("chosen", "default", "workloadSelector: {labels: {version: v3}}\n" + egress("far/*")));
        Scope.Caches caches = new Scope.Caches(new SharedResources(), new SharedResources());
        EnvoyResources first = translate(mesh, "v1", caches);
        EnvoyResources second = translate(mesh, "v2", caches);
        EnvoyResources third = translate(mesh, "v3", caches);
        assertThat(second.routes().getFirst()).isSameAs(first.routes().getFirst());
        assertThat(second.endpoints().getFirst()).isSameAs(first.endpoints().getFirst());
        assertThat(clusters(third)).containsExactly("c.far.svc.cluster.local");
        assertThat(clusters(second)).isEqualTo(clusters(first)).hasSize(3);
    }

    private static EnvoyResources translate(MeshSnapshot mesh, String version, Scope.Caches caches) {
        return Translator.translate(new Scope(
                mesh, Proxies.sidecar("client", version), PeerIdentities.ofEndpoints(), caches, Tuning.defaults()));
    }
}
