package io.flotilla.pilot.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each side of a call does, and whether that fits. */
class AuthenticationzTest {
    private static String app(String name) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: default}
                spec: {selector: {app: %1$s}, ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: default}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: app, image: app}]}
                """.formatted(name);
    }

    /** Servers of the mesh without a sidecar, but for those with that label. */
    private static String machines(String name, String... labels) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s, namespace: default}
                spec:
                  hosts: [%1$s.default.svc.cluster.local]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 10.9.0.1%2$s}, {address: 10.9.0.2}]
                """.formatted(name, String.join("", labels));
    }

    private static String strict(String app) {
        return """
                ---
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: only-%s, namespace: default}
                spec: {selector: {matchLabels: {app: %s}}, mtls: {mode: STRICT}}
                """.formatted(app, app);
    }

    private static String rule(String app, String tls) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: to-%s, namespace: default}
                spec: {host: %s, trafficPolicy: {tls: {mode: %s}}}
                """.formatted(app, app, tls);
    }

    private static final MeshSnapshot MESH = mesh(app("open")
            + app("closed")
            + strict("closed")
            + app("refused")
            + strict("refused")
            + rule("refused", "DISABLE")
            + app("own")
            + strict("own")
            + rule("own", "SIMPLE")
            + app("told")
            + rule("told", "DISABLE")
            + machines("bare")
            + machines("wrong")
            + rule("wrong", "ISTIO_MUTUAL")
            + machines("mixed", ", labels: {security.istio.io/tlsMode: istio}"));

    private static MeshSnapshot mesh(String yaml) {
        MeshFolder folder = MeshFolder.read(Map.of("mesh.yaml", yaml));
        assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
        return folder.snapshot();
    }

    private static JsonArray page() {
        Node node = Node.newBuilder()
                .setId("sidecar~10.44.0.9~client-0.default~default.svc.cluster.local")
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "SERVICE_ACCOUNT",
                                Value.newBuilder().setStringValue("client").build()))
                .build();
        Proxy proxy = ((Proxy.Parsed.Accepted) Proxy.parse(node)).proxy();
        return Authenticationz.of(MESH, proxy, Translator.translate(MESH, ProxyView.of(proxy, MESH)));
    }

    @ParameterizedTest
    @CsvSource({
        "open, -, -, HTTP/mTLS, mTLS, OK",
        "closed, only-closed/default, -, mTLS, mTLS, OK",
        "refused, only-refused/default, to-refused/default, mTLS, HTTP, CONFLICT",
        "own, only-own/default, to-own/default, mTLS, TLS, CONFLICT",
        "told, -, to-told/default, HTTP/mTLS, HTTP, OK",
        "bare, -, -, HTTP, HTTP, OK",
        "wrong, -, to-wrong/default, HTTP, mTLS, CONFLICT",
        "mixed, -, -, HTTP/mTLS, HTTP/mTLS, OK",
    })
    void bothSidesAreToldAndWhetherTheyFit(
            String service, String policy, String rule, String server, String client, String status) {
        JsonObject row = page().stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("host").equals(service + ".default.svc.cluster.local"))
                .findFirst()
                .orElseThrow();
        assertThat(row.getInteger("port")).isEqualTo(80);
        assertThat(row.getString("authentication_policy_name")).isEqualTo(policy);
        assertThat(row.getString("destination_rule_name")).isEqualTo(rule);
        assertThat(row.getString("server_protocol")).isEqualTo(server);
        assertThat(row.getString("client_protocol")).isEqualTo(client);
        assertThat(row.getString("TLS_conflict_status")).isEqualTo(status);
    }

    @Test
    void everyPortOfAServiceOfTheMeshHasARow() {
        assertThat(page()).hasSize(8);
    }
}
