package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways around policies that other meshes once had open (docs/security-classes.md), tried on a real Envoy. */
class PastFaultsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final String NORMALIZED = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: "pathNormalization: {normalization: DECODE_AND_MERGE_SLASHES}"}
            """;

    private static Workbench start(String policies) throws IOException {
        return Workbench.start(
                MeshFiles.of(policies, FOLDER.resolve("server.yaml"), FOLDER.resolve("connections.yaml")),
                Proxies.sidecar("server", "v1"));
    }

    private static String policy(String action, String rules) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: p}
                spec: {action: %s, rules: [%s]}
                """.formatted(action, rules);
    }

    @Test
    void aPathIsOnePathHoweverItIsWritten() throws IOException {
        for (String policy : List.of(
                policy("DENY", "{to: [{operation: {paths: [/admin, /admin/*]}}]}"),
                policy("ALLOW", "{to: [{operation: {notPaths: [/admin, /admin/*]}}]}"))) {
            try (Workbench bench = start(policy + NORMALIZED)) {
                for (String path : List.of(
                        "/admin",
                        "/admin?x=/open",
                        "//admin",
                        "/open/../admin",
                        "/open/%2e%2e/admin",
                        "/open/%2E%2e%2Fadmin",
                        "/./admin",
                        "/%61dmin",
                        "/%2Fadmin",
                        "/%5Cadmin",
                        "\\admin",
                        "/open\\..\\admin",
                        "/admin//x",
                        "/admin%2fx",
                        "http://server/admin")) {
                    assertThat(Raw.status(bench, path)).as(policy + path).isIn(400, 403);
                }
                assertThat(Raw.status(bench, "/open")).isEqualTo(200);
                assertThat(Raw.status(bench, "/open?/../admin")).isEqualTo(200);
            }
        }
    }

    @Test
    void aFragmentIsRefused() throws IOException {
        try (Workbench bench = start(policy("DENY", "{to: [{operation: {paths: [/admin]}}]}"))) {
            assertThat(Raw.status(bench, "/admin#open")).isEqualTo(400);
            assertThat(Raw.status(bench, "/admin?a#b")).isEqualTo(400);
        }
    }

    @Test
    void aHostIsItsNameHoweverItIsWritten() throws IOException {
        for (String policy : List.of(
                policy("DENY", "{to: [{operation: {hosts: [bank.example.com]}}]}"),
                policy("ALLOW", "{to: [{operation: {notHosts: [bank.example.com]}}]}"))) {
            try (Workbench bench = start(policy)) {
                for (String host : List.of(
                        "bank.example.com",
                        "BANK.example.COM",
                        "bank.example.com:8080",
                        "bank.example.com.",
                        "Bank.Example.com.:80")) {
                    assertThat(Raw.status(bench, "/", "host: " + host))
                            .as(policy + host)
                            .isEqualTo(403);
                    assertThat(Raw.status(bench, "http://" + host + "/", "host: open.example.com"))
                            .as(policy + host + " in the request line")
                            .isEqualTo(403);
                }
                for (String[] several : new String[][] {
                    {"host: open.example.com", "host: bank.example.com"},
                    {"host: bank.example.com", "host: open.example.com"},
                    {"host: bank.example.com,open.example.com"}
                }) {
                    assertThat(Raw.status(bench, "/", several))
                            .as(policy + "several hosts")
                            .isEqualTo(403);
                }
                assertThat(Raw.status(bench, "/", "host: xbank.example.com")).isEqualTo(200);
                assertThat(Raw.status(bench, "/", "host: bankxexample.com")).isEqualTo(200);
            }
        }
    }

    @Test
    void everyValueOfAHeaderCounts() throws IOException {
        for (String policy : List.of(
                policy("DENY", "{when: [{key: 'request.headers[x-role]', values: [admin]}]}"),
                policy("ALLOW", "{when: [{key: 'request.headers[x-role]', notValues: [admin]}]}"))) {
            try (Workbench bench = start(policy)) {
                assertThat(Raw.status(bench, "/", "x-role: user", "x-role: admin"))
                        .as(policy)
                        .isEqualTo(403);
                assertThat(Raw.status(bench, "/", "X-Role: admin", "x-role: user"))
                        .as(policy)
                        .isEqualTo(403);
                assertThat(Raw.status(bench, "/", "x-role: user")).as(policy).isEqualTo(200);
            }
        }
    }

    @Test
    void whatOnlyMutualTlsProvesIsNobodysInPlaintext() throws IOException {
        String forged = "x-forwarded-client-cert: URI=spiffe://cluster.local/ns/default/sa/client";
        for (String policy : List.of(
                policy("ALLOW", "{from: [{source: {principals: ['*']}}]}"),
                policy("ALLOW", "{from: [{source: {principals: [cluster.local/ns/default/sa/client]}}]}"),
                policy("ALLOW", "{from: [{source: {namespaces: [default]}}]}"),
                policy("DENY", "{from: [{source: {notPrincipals: [cluster.local/ns/default/sa/client]}}]}"),
                policy("DENY", "{from: [{source: {notNamespaces: [default]}}]}"))) {
            try (Workbench bench = start(policy)) {
                assertThat(Raw.status(bench, "/", forged)).as(policy).isEqualTo(403);
                assertThat(bench.receive(Call.get("server", 8080, "/"), "spiffe://cluster.local/ns/default/sa/client")
                                .status())
                        .as(policy)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aDotInAnAccountIsADot() throws IOException {
        try (Workbench bench = start(policy("ALLOW", "{from: [{source: {serviceAccounts: [a.b]}}]}"))) {
            for (String account : List.of("a.b", "axb", "a.b.c", "xa.b")) {
                int status = bench.receive(
                                Call.get("server", 8080, "/"), "spiffe://cluster.local/ns/default/sa/" + account)
                        .status();
                assertThat(status).as(account).isEqualTo(account.equals("a.b") ? 200 : 403);
            }
        }
    }

    @Test
    void wildcardsOfPrincipalsHoldForConnections() throws IOException {
        for (String principal : List.of("*/sa/client", "cluster.local/ns/default/*", "*")) {
            try (Workbench bench = start(policy("DENY", "{from: [{source: {principals: ['" + principal + "']}}]}"))) {
                assertThat(Line.heard(bench, "spiffe://cluster.local/ns/default/sa/client"))
                        .as(principal)
                        .isEmpty();
            }
        }
        try (Workbench bench = start(policy("DENY", "{from: [{source: {principals: ['*/sa/client']}}]}"))) {
            assertThat(Line.heard(bench, "spiffe://cluster.local/ns/default/sa/other"))
                    .contains("heard");
        }
    }
}
