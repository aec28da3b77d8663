package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.EnvoyJson;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Policies at an edge, and what callers from outside say about themselves; with a real Envoy. */
class EdgeGuardsTest {
    private static final Path FILES =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final Call CALL = Call.get("shop.example.com", 80, "/");

    private static Workbench start(String more) throws IOException {
        return Workbench.start(
                MeshFiles.of(more, FILES.resolve("edge.yaml"), FILES.resolve("server.yaml")), Proxies.ingress());
    }

    @Test
    void whatACallerSaysAboutItselfEndsAtTheEdge() throws IOException {
        try (Workbench bench = start("")) {
            Call forged = CALL;
            for (String header : List.of(
                    "x-forwarded-client-cert",
                    "x-flotilla-peer",
                    "x-envoy-original-path",
                    "x-envoy-internal",
                    "x-envoy-retry-on",
                    "x-envoy-decorator-operation",
                    "x-envoy-external-address")) {
                forged = forged.with(header, "forged");
            }
            Reply reply = bench.enter(forged);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.seenHeaders().toString()).doesNotContain("forged");
        }
    }

    @Test
    void aMemberWithoutASidecarTellsOfOthersUnlessItIsNotBelieved() throws IOException {
        String member = "spiffe://cluster.local/ns/default/sa/client";
        Call forged = Call.get("server", 8080, "/")
                .with("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/default/sa/forged");
        try (Workbench bench =
                Workbench.start(MeshFiles.of("", FILES.resolve("server.yaml")), Proxies.sidecar("server", "v1"))) {
            assertThat(bench.receive(forged, member).seenHeaders().get("x-forwarded-client-cert"))
                    .as("the last entry is true")
                    .endsWith("URI=" + member);
        }
        try (Workbench bench =
                Workbench.start(MeshFiles.of("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "defaultConfig: {proxyHeaders: {forwardedClientCert: SANITIZE_SET}}"}
                """, FILES.resolve("server.yaml")), Proxies.sidecar("server", "v1"))) {
            assertThat(bench.receive(forged, member).seenHeaders().get("x-forwarded-client-cert"))
                    .contains("URI=" + member)
                    .doesNotContain("forged");
        }
    }

    private static final String EDGE_PROFILE = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: "defaultConfig: {connectionSettings: {profile: EDGE, httpStreamIdleTimeout: 0s}}"}
            """;

    @Test
    void theProfileForEdgesUnescapesSlashesAndMergesThemWhereTheStandardDoesNot() throws IOException {
        Call escaped = Call.get("shop.example.com", 80, "/a%2Fb");
        Call doubled = Call.get("shop.example.com", 80, "//a");
        try (Workbench bench = start("")) {
            assertThat(bench.enter(escaped).seenPath()).isEqualTo("/a%2Fb");
            assertThat(bench.enter(doubled).seenPath()).isEqualTo("//a");
        }
        try (Workbench bench = start(EDGE_PROFILE)) {
            Reply reply = bench.enter(escaped);
            assertThat(reply.status()).isEqualTo(307);
            assertThat(reply.headers().get("location")).endsWith("/a/b");
            assertThat(bench.enter(doubled).seenPath()).isEqualTo("/a");
            assertThat(EnvoyJson.of(bench.resources()))
                    .as("what is said holds before the profile, also where it is nothing")
                    .contains("\"streamIdleTimeout\": \"0s\"")
                    .contains("\"requestTimeout\": \"300s\"");
        }
    }

    @Test
    void theProfileForEdgesLeavesSidecarsAlone() {
        assertThat(sidecar(EDGE_PROFILE)).isEqualTo(sidecar(EDGE_PROFILE.replace("profile: EDGE", "profile: SIDECAR")));
    }

    private static EnvoyResources sidecar(String more) {
        return Translator.translate(MeshFiles.of(more, FILES.resolve("server.yaml")), Proxies.sidecar("server", "v1"));
    }

    @Test
    void policiesOfTheRootNamespaceHoldAtAnEdge() throws IOException {
        try (Workbench bench = start("""
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: edge, namespace: istio-system}
                spec:
                  selector: {matchLabels: {istio: ingressgateway}}
                  action: DENY
                  rules: [{to: [{operation: {hosts: [bank.example.com], paths: ["/admin*"]}}]}]
                """)) {
            assertThat(bench.enter(CALL).status()).isEqualTo(200);
            for (String host : List.of("bank.example.com", "BANK.example.com:80", "bank.example.com.")) {
                assertThat(status(bench, "GET /admin HTTP/1.1", host)).as(host).isEqualTo(403);
                assertThat(status(bench, "GET /x/..%2fadmin HTTP/1.1", host))
                        .as(host + ": escaped slashes are not the edge's to judge unless it is told so")
                        .isEqualTo(200);
                assertThat(status(bench, "GET /x/%2e%2e/admin HTTP/1.1", host))
                        .as(host)
                        .isEqualTo(403);
            }
        }
    }

    private static int status(Workbench bench, String line, String host) throws IOException {
        try (Socket socket = bench.edge(80)) {
            return Integer.parseInt(Raw.send(socket, line, "host: " + host).substring(9, 12));
        }
    }
}
