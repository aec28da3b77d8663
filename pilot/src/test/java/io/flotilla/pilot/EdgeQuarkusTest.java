package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.pilot.world.EchoApp;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.Http;
import io.flotilla.pilot.world.Peer;
import io.flotilla.pilot.world.RealEnvoy;
import io.flotilla.pilot.world.TestCitadel;
import io.flotilla.pilot.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pilot with a real Envoy at the edge. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class EdgeQuarkusTest {
    private static final String PROVIDER = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                extensionProviders:
                - name: vault
                  sds: {name: vault, service: vault.default.svc.cluster.local, port: 80}
            ---
            """;
    private static final String PLAIN = "name: http, protocol: HTTP}";
    private static final String EXTERNAL = """
            name: https, protocol: HTTPS}
                tls: {mode: SIMPLE, credentialName: %s}""".formatted(TestCitadel.EXTERNAL);

    private static World world;

    @BeforeAll
    static void begin() throws Exception {
        world = new World();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEdgeRoutesAndFollowsChanges(boolean delta, @TempDir Path directory) throws Exception {
        int listen = FreePort.next();
        String url = "http://127.0.0.1:" + listen + "/";
        try (EchoApp first = new EchoApp("first", "127.0.0.1", 0);
                EchoApp second = new EchoApp("second", "127.0.0.1", 0);
                Http http = Http.direct()) {
            world.galley().publish("services.yaml", service("first", first.port()) + service("second", second.port()));
            world.galley().publish("routes.yaml", gateway(listen) + route("first"));
            try (EnvoyRun envoy = RealEnvoy.start(ingress(), world.controlPlane(delta), directory)) {
                assertThat(Eventually.get(() -> http.get(url), body -> body.contains("first")))
                        .as(envoy.log())
                        .startsWith("200\nfirst\n");

                world.galley().publish("routes.yaml", gateway(listen) + route("second"));
                assertThat(Eventually.get(() -> http.get(url), body -> body.contains("second")))
                        .startsWith("200\nsecond\n");

                String syncz = Eventually.get(
                        () -> http.get(management + "debug/syncz"), body -> body.contains("\"synced\" : true"));
                assertThat(syncz)
                        .contains("\"proxy\" : \"edge-0.istio-system\"")
                        .contains("\"RDS\" :")
                        .contains("\"rejected\" : \"\"");
                assertThat(http.get(management + "debug/config_dump?proxyID=edge-0.istio-system"))
                        .startsWith("200")
                        .contains("outbound|80||second.default.svc.cluster.local");
                // The Envoy of the test before may be there for a moment.
                assertThat(Eventually.get(
                                () -> http.get(management + "metrics"), body -> body.contains("pilot_xds 1.0")))
                        .contains("pilot_xds 1.0", "pilot_proxy_convergence_time");
                assertThat(http.get(management + "health/ready")).startsWith("200");
            }
        }
    }

    @Test
    void aServersCertificateComesFromAProviderOfTheMesh(@TempDir Path directory) throws Exception {
        int listen = FreePort.next();
        String expected = TestCitadel.EXTERNAL_HOST + " 200";
        SSLContext tls =
                world.citadel().member("spiffe://cluster.local/ns/default/sa/caller", BigInteger.TEN, Instant.now());
        try (EchoApp first = new EchoApp("first", "127.0.0.1", 0)) {
            world.galley()
                    .publish(
                            "services.yaml",
                            service("first", first.port())
                                    + service("vault", world.citadel().port()).replace("name: http", "name: grpc"));
            world.galley().publish("routes.yaml", PROVIDER + gateway(listen).replace(PLAIN, EXTERNAL) + route("first"));
            try (EnvoyRun envoy = RealEnvoy.start(ingress(), world.controlPlane(true), directory)) {
                assertThat(Eventually.get(() -> answer(tls, listen), expected::equals))
                        .as(envoy.log())
                        .isEqualTo(expected);
            }
        }
    }

    /** What the server is called and answers, or why it does not. */
    private static String answer(SSLContext tls, int port) {
        try (Peer peer = Peer.through(tls, port, "http/1.1", TestCitadel.EXTERNAL_HOST)) {
            return peer.server() + " " + peer.get("/");
        } catch (IOException | CertificateParsingException e) {
            return e.toString();
        }
    }

    @Test
    void saysWhichProxyIsMissing() throws Exception {
        try (Http http = Http.direct()) {
            assertThat(http.get(management + "debug/config_dump?proxyID=nobody.nowhere"))
                    .isEqualTo("404\n{\"error\":\"nobody.nowhere: Proxy not connected to this Pilot instance."
                            + " It may be connected to another instance.\"}");
            assertThat(http.get(management + "debug/config_dump")).startsWith("400");
        }
    }

    private static RealEnvoy.Identity ingress() {
        return new RealEnvoy.Identity(
                "router~127.0.0.1~edge-0.istio-system~istio-system.svc.cluster.local",
                "istio-ingressgateway-service-account",
                "REDIRECT",
                Map.of("istio", "ingressgateway"));
    }

    private static String service(String name, int port) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: default}
            spec:
              clusterIP: 10.96.0.10
              ports: [{name: http, port: 80}]
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: %1$s, namespace: default}
            subsets:
            - addresses: [{ip: 127.0.0.1}]
              ports: [{name: http, port: %2$d}]
            ---
            """.formatted(name, port);
    }

    private static String gateway(int port) {
        return """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: %d, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            """.formatted(port);
    }

    private static String route(String host) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: edge, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [edge]
              http:
              - route: [{destination: {host: %s}}]
            """.formatted(host);
    }
}
