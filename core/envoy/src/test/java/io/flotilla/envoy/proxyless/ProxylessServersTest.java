package io.flotilla.envoy.proxyless;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a gRPC server's library is told. What grpc-java makes of it, Pilot's ProxylessQuarkusTest sees. */
class ProxylessServersTest {
    private static final String MESH = """
        apiVersion: v1
        kind: Service
        metadata: {name: server, namespace: default}
        spec:
          clusterIP: 10.0.0.1
          selector: {app: server}
          ports:
          - {name: grpc, port: 80, targetPort: 8080}
          - {name: udp, port: 53, protocol: UDP}
        ---
        """;
    private static final String SPEAKS_TLS = "security.istio.io/tlsMode";

    @Test
    void aListenerForEachPortUnderTheNamesThatServersAskFor() {
        assertThat(servers(MESH, Map.of()))
                .extracting(Listener::getName)
                .containsExactlyInAnyOrder(
                        "xds.istio.io/grpc/lds/inbound/0.0.0.0:8080",
                        "xds.istio.io/grpc/lds/inbound/[::]:8080",
                        "grpc/server?xds.resource.listening_address=0.0.0.0:8080",
                        "grpc/server?xds.resource.listening_address=[::]:8080");
        Listener six = servers(MESH, Map.of()).stream()
                .filter(each -> each.getName().endsWith("[::]:8080"))
                .findFirst()
                .orElseThrow();
        assertThat(six.getAddress().getSocketAddress().getAddress()).isEqualTo("::");
        assertThat(six.getAddress().getSocketAddress().getPortValue()).isEqualTo(8080);
    }

    @Test
    void permissiveIsMeshTlsWhereThePodSaysThatItSpeaksIt() {
        Map<String, String> speaks = Map.of(SPEAKS_TLS, "istio");
        assertThat(chain(MESH, Map.of()).hasTransportSocket()).isFalse();
        assertThat(chain(MESH, speaks).hasTransportSocket()).isTrue();
        assertThat(chain(MESH + mtls("DISABLE"), speaks).hasTransportSocket()).isFalse();
        assertThat(chain(MESH + mtls("STRICT"), Map.of()).hasTransportSocket()).isTrue();
    }

    @Test
    void aPortThatOnlyAProxyCouldServeStaysNotServing() {
        String ingress = """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default, namespace: default}
            spec:
              ingress:
              - port: {number: 8443, protocol: HTTPS, name: https}
                defaultEndpoint: 127.0.0.1:8080
                tls: {mode: SIMPLE, serverCertificate: /a.pem, privateKey: /b.pem}
            ---
            """;
        assertThat(servers(MESH + ingress + mtls("DISABLE"), Map.of())).isEmpty();
    }

    @Test
    void membersOfOtherMeshesAndRevokedOnesAreRefused() {
        String revocation = """
            apiVersion: security.flotilla.io/v1
            kind: Revocation
            metadata: {name: bad}
            spec: {identity: "spiffe://cluster.local/ns/default/sa/bad"}
            ---
            """;
        assertThat(filters(MESH + mtls("STRICT")).get("envoy.filters.http.rbac.strangers"))
                .asString()
                .contains("spiffe://cluster.local/");
        assertThat(filters(MESH + mtls("STRICT"))).doesNotContainKey("envoy.filters.http.rbac.revoked");
        assertThat(filters(MESH + mtls("STRICT") + revocation).get("envoy.filters.http.rbac.revoked"))
                .asString()
                .contains("spiffe://cluster.local/ns/default/sa/bad");
        assertThat(filters(MESH + mtls("DISABLE") + revocation)).isEmpty();
    }

    @Test
    void whatTheLibraryCannotTellRefusesMoreAndPermitsLess() {
        Map<String, RBAC> filters = filters(MESH
                + policy("deny", "DENY", "from: [{source: {requestPrincipals: [\"*\"], namespaces: [bad]}}]")
                + policy("allow", "ALLOW", "from: [{source: {requestPrincipals: [\"*\"]}}]"));
        RBAC deny = rules(filters, "deny");
        assertThat(deny.getPoliciesMap()).hasSize(1);
        assertThat(deny.toString()).contains("/ns/bad/sa/").doesNotContain("jwt");
        // A set of ALLOW without rules permits nothing.
        assertThat(rules(filters, "allow").getPoliciesMap()).isEmpty();
    }

    @Test
    void whatShouldBeAskedElsewhereIsRefused() {
        Map<String, RBAC> filters = filters(MESH
                + policy("custom", "CUSTOM", "to: [{operation: {paths: [/asked]}}]")
                        .replace("action: CUSTOM", "action: CUSTOM\n  provider: {name: away}"));
        RBAC refused = rules(filters, "unanswered");
        assertThat(refused.getAction()).isEqualTo(RBAC.Action.DENY);
        assertThat(refused.toString()).contains("/asked");
    }

    @Test
    void regularExpressionsAreThoseOfTheLibrary() {
        Map<String, RBAC> filters =
                filters(MESH + policy("allow", "ALLOW", "to: [{operation: {hosts: [\"*.a\\\\Cb\"], paths: [\"*\"]}}]"));
        // What was "any byte" is any character; a backslash of the text stays one.
        assertThat(rules(filters, "allow").toString())
                .contains("(?i)(?s:.)*")
                .contains("\\\\\\\\Cb")
                .doesNotContain("\\\\C*");
    }

    private static RBAC rules(Map<String, RBAC> filters, String what) {
        return Objects.requireNonNull(filters.get("envoy.filters.http.rbac." + what), what);
    }

    private static String mtls(String mode) {
        return """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: %s}}
            ---
            """.formatted(mode);
    }

    private static String policy(String name, String action, String rule) {
        return """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: %s, namespace: default}
            spec:
              action: %s
              rules:
              - %s
            ---
            """.formatted(name, action, rule);
    }

    private static FilterChain chain(String yaml, Map<String, String> labels) {
        return servers(yaml, labels).getFirst().getFilterChains(0);
    }

    private static Map<String, RBAC> filters(String yaml) {
        try {
            HttpConnectionManager calls =
                    chain(yaml, Map.of()).getFilters(0).getTypedConfig().unpack(HttpConnectionManager.class);
            Map<String, RBAC> filters = new LinkedHashMap<>();
            for (HttpFilter filter : calls.getHttpFiltersList()) {
                if (filter.getName().startsWith("envoy.filters.http.rbac")) {
                    filters.put(
                            filter.getName(),
                            filter.getTypedConfig()
                                    .unpack(io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.class)
                                    .getRules());
                }
            }
            return filters;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Listener> servers(String yaml, Map<String, String> labels) {
        Node.Builder node = Node.newBuilder().setId("sidecar~10.44.0.9~server-0.default~default.svc.cluster.local");
        node.getMetadataBuilder().putFields("GENERATOR", text("grpc"));
        Value.Builder all = Value.newBuilder();
        all.getStructValueBuilder().putFields("app", text("server"));
        labels.forEach((name, value) -> all.getStructValueBuilder().putFields(name, text(value)));
        node.getMetadataBuilder().putFields("LABELS", all.build());
        EnvoyResources told = Translator.translate(MeshFiles.of(yaml), Proxies.view(node.build()));
        return told.listeners().stream()
                .filter(listener -> !listener.hasApiListener())
                .toList();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
