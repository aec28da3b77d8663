package io.flotilla.envoy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectMatch;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each field by which an EnvoyFilter finds what it changes: a row lists everything that is changed where the field is
 * given, in a mesh with more of the same kind.
 */
class EnvoyFilterMatchesTest {
    private static final String OBJECTS = """
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: default}
            spec: {host: web, subsets: [{name: v1, labels: {version: v1}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: default}
            spec:
              hosts: [web]
              http:
              - {name: old, match: [{uri: {prefix: /old}}], redirect: {uri: /new}}
              - {name: said, match: [{uri: {prefix: /said}}], directResponse: {status: 200}}
              - {name: on, route: [{destination: {host: web}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}
              - {port: {number: 443, name: https-shop, protocol: HTTPS}, hosts: [shop.example.com], tls: {mode: SIMPLE, credentialName: shop}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: other, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 443, name: https-other, protocol: HTTPS}, hosts: [other.example.com], tls: {mode: SIMPLE, credentialName: other}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: default}
            spec:
              hosts: [shop.example.com, other.example.com]
              gateways: [istio-system/shop, istio-system/other]
              http: [{name: shop, route: [{destination: {host: web}}]}]
            """;
    private static final ProxyView SIDECAR = version("1.29.0", "a");
    private static final ProxyView OLDER = version("1.28.1", "b");
    private static final ProxyView EDGE = Proxies.ingress();
    private static final String INBOUND = "context: SIDECAR_INBOUND, ";
    private static final String OUTBOUND = "context: SIDECAR_OUTBOUND, ";
    private static final String MANAGER = "filter: {name: envoy.filters.network.http_connection_manager";
    private static final String HOST = "web.default.svc.cluster.local:80";

    /**
     * One field.
     *
     * @param field   its path, with the value where it is an enumeration
     * @param proxy   who is told
     * @param match   as it is written
     * @param changed places, see {@link Marks}
     */
    private record Row(String field, ProxyView proxy, ApplyTo to, String match, List<String> changed) {}

    private static final List<Row> ROWS = List.of(
            row(
                    "context=ANY",
                    SIDECAR,
                    ApplyTo.LISTENER,
                    "context: ANY, listener: {name: virtualInbound}",
                    "virtualInbound"),
            row("context=SIDECAR_INBOUND", SIDECAR, ApplyTo.LISTENER, "context: SIDECAR_INBOUND", "virtualInbound"),
            row(
                    "context=SIDECAR_OUTBOUND",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    "context: SIDECAR_OUTBOUND, routeConfiguration: {vhost: {route: {action: ROUTE}}}",
                    "80 " + HOST + " on",
                    "80 allow_any allow_any"),
            row("context=SIDECAR_OUTBOUND", EDGE, ApplyTo.LISTENER, "context: SIDECAR_OUTBOUND"),
            row("context=GATEWAY", EDGE, ApplyTo.LISTENER, "context: GATEWAY", "0.0.0.0_443", "0.0.0.0_80"),
            row("context=GATEWAY", SIDECAR, ApplyTo.LISTENER, "context: GATEWAY"),
            row("context=WAYPOINT", SIDECAR, ApplyTo.LISTENER, "context: WAYPOINT"),
            row("context=WAYPOINT", EDGE, ApplyTo.LISTENER, "context: WAYPOINT"),
            row(
                    "proxy.proxyVersion",
                    SIDECAR,
                    ApplyTo.LISTENER,
                    INBOUND + "proxy: {proxyVersion: '^1\\.29'}",
                    "virtualInbound"),
            row("proxy.proxyVersion", OLDER, ApplyTo.LISTENER, INBOUND + "proxy: {proxyVersion: '^1\\.29'}"),
            row(
                    "proxy.metadata",
                    SIDECAR,
                    ApplyTo.LISTENER,
                    INBOUND + "proxy: {metadata: {RING: a}}",
                    "virtualInbound"),
            row("proxy.metadata", OLDER, ApplyTo.LISTENER, INBOUND + "proxy: {metadata: {RING: a}}"),
            row("listener.portNumber", SIDECAR, ApplyTo.LISTENER, "listener: {portNumber: 90}", "10.96.64.36_90"),
            row(
                    "listener.portNumber",
                    SIDECAR,
                    ApplyTo.FILTER_CHAIN,
                    INBOUND + "listener: {portNumber: 9090}",
                    "virtualInbound inbound|9090||mtls-tcp",
                    "virtualInbound inbound|9090||tcp",
                    "virtualInbound inbound|9090||tls"),
            row(
                    "listener.portName",
                    SIDECAR,
                    ApplyTo.LISTENER,
                    OUTBOUND + "listener: {portName: tcp}",
                    "10.96.64.36_90"),
            row("listener.portName", EDGE, ApplyTo.LISTENER, "listener: {portName: https-other}", "0.0.0.0_443"),
            row("listener.name", SIDECAR, ApplyTo.LISTENER, "listener: {name: 0.0.0.0_80}", "0.0.0.0_80"),
            row(
                    "listener.filterChain.name",
                    SIDECAR,
                    ApplyTo.FILTER_CHAIN,
                    "listener: {filterChain: {name: 0.0.0.0_80_http}}",
                    "0.0.0.0_80 0.0.0.0_80_http"),
            row(
                    "listener.filterChain.sni",
                    EDGE,
                    ApplyTo.FILTER_CHAIN,
                    "listener: {filterChain: {sni: other.example.com}}",
                    "0.0.0.0_443 https.443.https-other.other.istio-system"),
            row(
                    "listener.filterChain.transportProtocol",
                    SIDECAR,
                    ApplyTo.FILTER_CHAIN,
                    INBOUND + "listener: {portNumber: 9090, filterChain: {transportProtocol: tls}}",
                    "virtualInbound inbound|9090||mtls-tcp",
                    "virtualInbound inbound|9090||tls"),
            row(
                    "listener.filterChain.applicationProtocols",
                    SIDECAR,
                    ApplyTo.FILTER_CHAIN,
                    OUTBOUND + "listener: {filterChain: {applicationProtocols: 'h2c, x'}}",
                    "0.0.0.0_80 0.0.0.0_80_http"),
            row(
                    "listener.filterChain.destinationPort",
                    SIDECAR,
                    ApplyTo.FILTER_CHAIN,
                    OUTBOUND + "listener: {filterChain: {destinationPort: 15001}}",
                    "virtualOutbound virtualOutbound-blackhole"),
            row(
                    "listener.filterChain.filter.name",
                    SIDECAR,
                    ApplyTo.NETWORK_FILTER,
                    OUTBOUND
                            + "listener: {name: 0.0.0.0_80, filterChain: {filter: {name: envoy.filters.network.tcp_proxy}}}",
                    "0.0.0.0_80 0.0.0.0_80_fallback TcpProxy"),
            row(
                    "listener.filterChain.filter.subFilter.name",
                    SIDECAR,
                    ApplyTo.HTTP_FILTER,
                    OUTBOUND + "listener: {filterChain: {" + MANAGER
                            + ", subFilter: {name: envoy.filters.http.cors}}}}",
                    "0.0.0.0_80 0.0.0.0_80_http Cors"),
            row(
                    "listener.listenerFilter",
                    SIDECAR,
                    ApplyTo.LISTENER_FILTER,
                    "listener: {listenerFilter: envoy.filters.listener.http_inspector}",
                    "0.0.0.0_80 HttpInspector"),
            row(
                    "routeConfiguration.name",
                    SIDECAR,
                    ApplyTo.ROUTE_CONFIGURATION,
                    "routeConfiguration: {name: \"80\"}",
                    "80"),
            row(
                    "routeConfiguration.portNumber",
                    SIDECAR,
                    ApplyTo.ROUTE_CONFIGURATION,
                    INBOUND + "routeConfiguration: {portNumber: 8080}",
                    "inbound|8080||"),
            row(
                    "routeConfiguration.portNumber",
                    EDGE,
                    ApplyTo.ROUTE_CONFIGURATION,
                    "routeConfiguration: {portNumber: 80}",
                    "http.80"),
            row(
                    "routeConfiguration.portName",
                    EDGE,
                    ApplyTo.ROUTE_CONFIGURATION,
                    "routeConfiguration: {portName: https-shop}",
                    "https.443.https-shop.shop.istio-system"),
            row(
                    "routeConfiguration.gateway",
                    EDGE,
                    ApplyTo.ROUTE_CONFIGURATION,
                    "routeConfiguration: {gateway: istio-system/other}",
                    "https.443.https-other.other.istio-system"),
            row(
                    "routeConfiguration.vhost.name",
                    SIDECAR,
                    ApplyTo.VIRTUAL_HOST,
                    "routeConfiguration: {vhost: {name: \"" + HOST + "\"}}",
                    "80 " + HOST),
            row(
                    "routeConfiguration.vhost.domainName",
                    SIDECAR,
                    ApplyTo.VIRTUAL_HOST,
                    "routeConfiguration: {vhost: {domainName: web.default}}",
                    "80 " + HOST),
            row(
                    "routeConfiguration.vhost.route.name",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    "routeConfiguration: {vhost: {route: {name: said}}}",
                    "80 " + HOST + " said"),
            row(
                    "routeConfiguration.vhost.route.action=ANY",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    OUTBOUND + "routeConfiguration: {vhost: {name: \"" + HOST + "\", route: {action: ANY}}}",
                    "80 " + HOST + " old",
                    "80 " + HOST + " on",
                    "80 " + HOST + " said"),
            row(
                    "routeConfiguration.vhost.route.action=ROUTE",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    "routeConfiguration: {vhost: {name: \"" + HOST + "\", route: {action: ROUTE}}}",
                    "80 " + HOST + " on"),
            row(
                    "routeConfiguration.vhost.route.action=REDIRECT",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    "routeConfiguration: {vhost: {route: {action: REDIRECT}}}",
                    "80 " + HOST + " old"),
            row(
                    "routeConfiguration.vhost.route.action=DIRECT_RESPONSE",
                    SIDECAR,
                    ApplyTo.HTTP_ROUTE,
                    "routeConfiguration: {vhost: {route: {action: DIRECT_RESPONSE}}}",
                    "80 " + HOST + " said"),
            row("cluster.name", SIDECAR, ApplyTo.CLUSTER, "cluster: {name: BlackHoleCluster}", "BlackHoleCluster"),
            row(
                    "cluster.portNumber",
                    SIDECAR,
                    ApplyTo.CLUSTER,
                    "cluster: {portNumber: 90}",
                    "outbound|90|v1|web.default.svc.cluster.local",
                    "outbound|90||web.default.svc.cluster.local"),
            row(
                    "cluster.service",
                    SIDECAR,
                    ApplyTo.CLUSTER,
                    OUTBOUND + "cluster: {service: web.default.svc.cluster.local, subset: v1}",
                    "outbound|80|v1|web.default.svc.cluster.local",
                    "outbound|90|v1|web.default.svc.cluster.local"),
            row(
                    "cluster.service",
                    SIDECAR,
                    ApplyTo.CLUSTER,
                    INBOUND + "cluster: {service: web.default.svc.cluster.local}",
                    "inbound|8080||",
                    "inbound|9090||"),
            row("cluster.service", SIDECAR, ApplyTo.CLUSTER, "cluster: {service: elsewhere.test}"),
            row(
                    "cluster.subset",
                    SIDECAR,
                    ApplyTo.CLUSTER,
                    "cluster: {subset: v1}",
                    "outbound|80|v1|web.default.svc.cluster.local",
                    "outbound|90|v1|web.default.svc.cluster.local"));

    private static Row row(String field, ProxyView proxy, ApplyTo to, String match, String... changed) {
        return new Row(field, proxy, to, match, Stream.of(changed).sorted().toList());
    }

    private static ProxyView version(String release, String ring) {
        ProxyView view = Proxies.sidecar("web", "v1");
        return new ProxyView(
                view.role(),
                view.workload(),
                view.locality(),
                view.capture(),
                view.revision(),
                Map.of("ISTIO_VERSION", release, "RING", ring));
    }

    // What a match of waypoints says concerns nobody: there are none.
    private static Stream<String> fields(Descriptor type) {
        return type.getFields().stream()
                .filter(field -> !field.getName().equals("waypoint"))
                .flatMap(field -> {
                    String name = field.getJsonName();
                    return switch (field.getJavaType()) {
                        case MESSAGE ->
                            field.isMapField()
                                    ? Stream.of(name)
                                    : fields(field.getMessageType()).map(inner -> name + "." + inner);
                        case ENUM ->
                            field.getEnumType().getValues().stream()
                                    .map(EnumValueDescriptor::getName)
                                    .map(value -> name + "=" + value);
                        default -> Stream.of(name);
                    };
                });
    }

    @Test
    void everyFieldHasARow() {
        assertThat(ROWS.stream().map(Row::field).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        fields(EnvoyConfigObjectMatch.getDescriptor()).toList());
    }

    @TestFactory
    Stream<DynamicTest> eachFieldChoosesWhatItNames() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(row.field() + ": " + row.match(), () -> {
                    String patch = PatchedMesh.patch(row.to().name(), row.match(), "MERGE", Marks.of(row.to()));
                    MeshSnapshot mesh = PatchedMesh.mesh(
                            OBJECTS,
                            PatchedMesh.filter("p", patch).replace("namespace: default", "namespace: istio-system"));
                    Marks marks = new Marks(Translator.translate(mesh, row.proxy()));
                    assertThat(marks.at(row.to())).isEqualTo(row.changed());
                }));
    }
}
