package io.flotilla.pilot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.world.MeshYaml;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {
    private final MeshSnapshot mesh = MeshYaml.of(MeshYaml.service("web") + MeshYaml.service("other") + """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: rule, namespace: default}
            spec: {host: web, subsets: [{name: v1, labels: {version: v1}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: beside, namespace: default}
            spec: {host: web, subsets: [{name: v2, labels: {version: v2}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: route, namespace: default}
            spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: elsewhere, namespace: default}
            spec: {hosts: [other], http: [{route: [{destination: {host: other}}]}]}
            """);

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            Error adding/updating cluster(s) outbound|80|v1|web.default.svc.cluster.local: bad > DestinationRule default/beside;DestinationRule default/rule;VirtualService default/route
            Only unique names for virtual hosts: 80/other.default.svc.cluster.local:80         > VirtualService default/elsewhere
            Error adding/updating listener(s) 0.0.0.0_80: address in use                       > ''
            """)
    void namesWhatIsWrittenForTheHost(String message, String objects) {
        Response all = Response.of(
                List.of(
                        "outbound|80|v1|web.default.svc.cluster.local",
                        "80/other.default.svc.cluster.local:80",
                        "0.0.0.0_80"),
                List.of());
        assertThat(Causes.of(mesh, proxy(), message, all).stream()
                        .map(Causes::text)
                        .collect(Collectors.joining(";")))
                .isEqualTo(objects);
    }

    @Test
    void whatWasNotInTheResponseIsNotBlamed() {
        String message = "outbound|80|v1|web.default.svc.cluster.local: bad";
        for (String name : List.of("outbound|80||other.default.svc.cluster.local", "outbound|80||my-web.default.svc")) {
            assertThat(Causes.of(mesh, proxy(), message, Response.of(List.of(name), List.of())))
                    .as(name)
                    .isEmpty();
        }
        RouteConfiguration whole = RouteConfiguration.newBuilder()
                .setName("80")
                .addVirtualHosts(VirtualHost.newBuilder().setName("web.default.svc.cluster.local:80"))
                .build();
        String host = "virtual host web.default.svc.cluster.local:80 is bad";
        assertThat(Causes.of(mesh, proxy(), host, Response.of(List.of("80"), List.of(whole))))
                .isNotEmpty();
        assertThat(Causes.of(mesh, proxy(), host, Response.of(List.of("81"), List.of(whole))))
                .isEmpty();
    }

    @Test
    @Timeout(120)
    void aMessageWithoutEndTakesNoTimeWithoutEnd() {
        assertThat(Causes.of(mesh, proxy(), "a-".repeat(500_000), Response.of(List.of(), List.of())))
                .isEmpty();
    }

    private static Proxy proxy() {
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.1.1~web-0.default~default.svc.cluster.local")
                .build();
        if (Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy)) {
            return proxy;
        }
        throw new AssertionError(node);
    }
}
