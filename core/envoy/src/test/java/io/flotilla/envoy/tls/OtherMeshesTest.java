package io.flotilla.envoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Two meshes that name each other's roots: who may call is told by trust domain and account together. */
class OtherMeshesTest {
    private static final String FAR_POD = "10.99.0.1";

    private final Keys nearKeys = new Keys();
    private final Keys farKeys = new Keys();

    private static String mesh(String own, String other, Keys others) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    trustDomain: %s
                    caCertificates: [{pem: "%s", trustDomains: [%s]}]
                ---
                """.formatted(own, others.rootPem().replace("\n", "\\n"), other);
    }

    private static String workload(String name) {
        return Deployments.of(name) + """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec:
                  selector: {app: %1$s}
                  ports: [{name: http, port: 80, targetPort: 8080}]
                ---
                """.formatted(name);
    }

    /** Only the client of the other mesh may call. */
    private MeshSnapshot far() {
        return MeshFiles.of(mesh("far.example", "near.example", nearKeys) + workload("server") + """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: strict, namespace: istio-system}
                spec: {mtls: {mode: STRICT}}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: client}
                spec:
                  selector: {matchLabels: {app: server}}
                  rules: [{from: [{source: {principals: [near.example/ns/default/sa/bookinfo-client]}}]}]
                """);
    }

    private MeshSnapshot near(String expected) {
        return MeshFiles.of(
                mesh("near.example", "far.example", farKeys) + workload("client") + """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: far}
                spec:
                  hosts: [server.far.example]
                  addresses: [240.1.1.1]
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
                  resolution: STATIC
                  endpoints: [{address: %s}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: far}
                spec:
                  host: server.far.example
                  trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["%s"]}}
                """.formatted(FAR_POD, expected));
    }

    @Test
    void aCallCrossesWhereEachSideNamesTheOtherAndNobodyElseGetsIn() throws IOException {
        nearKeys.believing("far.example", farKeys);
        farKeys.believing("near.example", nearKeys);
        try (Workbench server = Workbench.start(far(), Proxies.sidecar("server", "v1"), "far.example", farKeys)) {
            assertThat(call(server, "spiffe://far.example/ns/default/sa/bookinfo-server"))
                    .as("the server's own name is what the client expects")
                    .isEqualTo(200);
            assertThat(call(server, "spiffe://near.example/ns/default/sa/bookinfo-server"))
                    .as("the same account of the client's own mesh is somebody else")
                    .isEqualTo(503);

            assertThat(status(server, nearKeys, "spiffe://near.example/ns/default/sa/bookinfo-client"))
                    .isEqualTo(200);
            assertThat(status(server, nearKeys, "spiffe://near.example/ns/default/sa/other"))
                    .as("another account of that mesh")
                    .isEqualTo(403);
            assertThat(status(server, farKeys, "spiffe://far.example/ns/default/sa/bookinfo-client"))
                    .as("the same account of the server's own mesh")
                    .isEqualTo(403);
        }
    }

    private int call(Workbench server, String expected) throws IOException {
        MeshSnapshot mesh = near(expected);
        try (Workbench client = Workbench.start(mesh, Proxies.sidecar("client", "v1"), "near.example", nearKeys)) {
            client.apps().at(FAR_POD, 8080).leadTo(() -> server.accept(inbound()));
            return client.send(Call.get("server.far.example", 80, "/").to("240.1.1.1"))
                    .status();
        }
    }

    private static Call.To inbound() {
        return new Call.To("10.44.0.9", 8080, "", "10.44.0.7");
    }

    private static int status(Workbench server, Keys keys, String spiffe) throws IOException {
        Keys.Pair pair = keys.issue(List.of(spiffe), List.of());
        try (Socket socket = server.accept(inbound());
                SSLSocket tls = Stranger.tls(socket, pair, MeshTls.offerHttp())) {
            socket.setSoTimeout(60_000);
            tls.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(tls.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9));
        }
    }
}
