package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Policies at a sidecar, as callers feel them. */
class AuthorizationTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final Path SERVER = FOLDER.resolve("server.yaml");
    private static final Path CONNECTIONS = FOLDER.resolve("connections.yaml");
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static final String OTHER = "spiffe://cluster.local/ns/default/sa/other";

    private static Workbench start(String policies) throws IOException {
        return Workbench.start(MeshFiles.of(policies, SERVER), Proxies.sidecar("server", "v1"));
    }

    /** The server with a port of TCP, where a client that is slow to begin counts as one that waits for the server. */
    private static Workbench withConnections(String policies) throws IOException {
        return Workbench.start(MeshFiles.of(policies, SERVER, CONNECTIONS), Proxies.sidecar("server", "v1"));
    }

    private static Call get(String path) {
        return Call.get("server", 8080, path);
    }

    private static int status(Workbench bench, String path, String spiffe) throws IOException {
        return bench.receive(get(path), spiffe).status();
    }

    /** What comes back of a line that is sent to a port of TCP; empty where the connection is closed. */
    private static String echo(Workbench bench, int port) throws IOException {
        try (Socket socket = bench.accept(new Call.To("10.44.0.9", port, "", "10.44.0.7"))) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[100];
            int length;
            try {
                length = socket.getInputStream().read(answer);
            } catch (java.net.SocketException reset) {
                length = -1;
            }
            return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void whatRefusesGoesBeforeWhatPermits() throws IOException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: permit}
                spec:
                  rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/client]}}]}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: refuse, namespace: istio-system}
                spec:
                  action: DENY
                  rules: [{to: [{operation: {paths: ["/admin*"]}}]}]
                """)) {
            assertThat(status(bench, "/", CLIENT)).isEqualTo(200);
            assertThat(status(bench, "/x/../admin", CLIENT)).isEqualTo(403);
            assertThat(status(bench, "/", OTHER)).isEqualTo(403);
            assertThat(bench.receive(get("/")).status()).as("without identity").isEqualTo(403);
            Reply refused = bench.receive(get("/admin?x"), CLIENT);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("RBAC: access denied");
            assertThat(refused.logged().details()).contains("ns[istio-system]-policy[refuse]-rule[0]");
        }
    }

    @Test
    void aPolicyWithoutRulesPermitsNothing() throws IOException {
        try (Workbench bench = withConnections("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nothing}
                spec: {}
                """)) {
            assertThat(bench.receive(get("/")).status()).isEqualTo(403);
            assertThat(echo(bench, 8082)).isEmpty();
            assertThat(echo(bench, 9999)).as("a port of no service").isEmpty();
        }
    }

    @Test
    void anEmptyRulePermitsEverything() throws IOException {
        try (Workbench bench = withConnections("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: everything}
                spec: {rules: [{}]}
                """)) {
            assertThat(bench.receive(get("/")).status()).isEqualTo(200);
            assertThat(echo(bench, 8082)).isNotEmpty();
        }
    }

    @Test
    void onConnectionsWhatOnlyRequestsHaveFailsSafe() throws IOException {
        try (Workbench bench = withConnections("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: permit}
                spec: {rules: [{to: [{operation: {methods: [GET]}}]}]}
                """)) {
            assertThat(bench.receive(get("/")).status()).isEqualTo(200);
            assertThat(echo(bench, 8082)).as("no connection has a method").isEmpty();
        }
        try (Workbench bench = withConnections("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: refuse}
                spec:
                  action: DENY
                  rules: [{to: [{operation: {ports: ["8082"], methods: [DELETE], hosts: ["*.example.com"]}}]}]
                """)) {
            assertThat(bench.receive(get("/").method("DELETE")).status()).isEqualTo(200);
            assertThat(echo(bench, 8082)).as("any may be one with that method").isEmpty();
        }
    }

    @Test
    void aDryRunTellsWhatItWouldDoAndRefusesNobody() throws IOException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: tried, annotations: {istio.io/dry-run: "true"}}
                spec: {action: DENY, rules: [{to: [{operation: {paths: ["/tried"]}}]}]}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: asked, annotations: {istio.io/dry-run: "true"}}
                spec: {action: CUSTOM, provider: {name: missing}, rules: [{}]}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: allowed, annotations: {istio.io/dry-run: "true"}}
                spec: {rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/client]}}]}]}
                """)) {
            Reply tried = bench.receive(get("/tried"), CLIENT);
            assertThat(tried.status()).isEqualTo(200);
            assertThat(tried.logged().rules())
                    .contains(
                            "\"istio_dry_run_deny_shadow_engine_result\":\"denied\"",
                            "\"istio_dry_run_deny_shadow_effective_policy_id\":\"ns[default]-policy[tried]-rule[0]\"",
                            "\"istio_dry_run_allow_shadow_engine_result\":\"allowed\"",
                            "\"istio_dry_run_allow_shadow_effective_policy_id\":\"ns[default]-policy[allowed]-rule[0]\"");
            Reply other = bench.receive(get("/"), OTHER);
            assertThat(other.status()).isEqualTo(200);
            assertThat(other.logged().rules())
                    .contains(
                            "\"istio_dry_run_deny_shadow_engine_result\":\"allowed\"",
                            "\"istio_dry_run_allow_shadow_engine_result\":\"denied\"");
            String counted = bench.admin("/stats?filter=dry_run");
            assertThat(counted)
                    .contains("istio_dry_run_deny_.shadow_denied: 1", "istio_dry_run_allow_.shadow_denied: 1");
        }
    }

    @Test
    void anAuthorizerOutsideIsAskedAboutWhatMatches() throws IOException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: asked}
                spec:
                  action: CUSTOM
                  provider: {name: outside}
                  rules: [{to: [{operation: {paths: ["/asked*"]}}]}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody}
                spec:
                  action: CUSTOM
                  provider: {name: missing}
                  rules: [{to: [{operation: {paths: ["/nobody"]}}]}]
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    extensionProviders:
                    - name: outside
                      envoyExtAuthzHttp:
                        {service: authorizer.default.svc.cluster.local, port: 80, includeRequestHeadersInCheck: [x-ask]}
                """)) {
            bench.apps()
                    .one("authorizer")
                    .behave(request ->
                            App.Answer.status("please".equals(request.headers().get("x-ask")) ? 200 : 403));
            assertThat(status(bench, "/asked", CLIENT)).isEqualTo(403);
            assertThat(bench.receive(get("/asked").with("x-ask", "please"), CLIENT)
                            .status())
                    .isEqualTo(200);
            assertThat(status(bench, "/other", CLIENT)).as("nobody is asked").isEqualTo(200);
            assertThat(status(bench, "/nobody", CLIENT))
                    .as("nobody can be asked")
                    .isEqualTo(403);
        }
    }

    @Test
    void whereTheClientChoosesTheProtocolConnectionsGoNoWayAround() throws IOException {
        try (Workbench bench = withConnections("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody}
                spec:
                  action: CUSTOM
                  provider: {name: missing}
                  rules: [{to: [{operation: {paths: ["/asked"]}}]}]
                """)) {
            assertThat(bench.receive(Call.get("server", 8083, "/asked")).status())
                    .isEqualTo(403);
            assertThat(echo(bench, 8083)).as("it may carry the request").isEmpty();
            assertThat(echo(bench, 8082)).as("it has no requests").isNotEmpty();
        }
        try (Workbench bench = withConnections("""
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata: {name: default}
                spec: {origins: [{jwt: {issuer: "https://a.example", jwksUri: "https://a.example/keys"}}]}
                """)) {
            assertThat(bench.receive(Call.get("server", 8083, "/")).status()).isEqualTo(401);
            assertThat(echo(bench, 8083)).as("it brings no token").isEmpty();
            assertThat(echo(bench, 8082)).as("it has no requests").isNotEmpty();
        }
    }
}
