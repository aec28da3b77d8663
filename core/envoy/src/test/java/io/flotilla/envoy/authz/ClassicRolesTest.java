package io.flotilla.envoy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The roles of Istio 1.1 at a real Envoy. */
class ClassicRolesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz");
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static final String OTHER = "spiffe://cluster.local/ns/default/sa/other";
    private static final String ROLES = """
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ServiceRole
            metadata: {name: reader}
            spec:
              rules:
              - services: [server.default.svc.cluster.local]
                methods: [GET, HEAD]
                paths: [/open, "/books/*", "*/reviews"]
              - services: [server.default.svc.cluster.local]
                methods: ["*"]
                paths: [/constrained]
                constraints:
                - {key: "request.headers[x-version]", values: [v1, "v2*"]}
              - services: [connections.default.svc.cluster.local]
                constraints: [{key: destination.port, values: ["8082"]}]
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ServiceRoleBinding
            metadata: {name: readers}
            spec:
              subjects: [{user: cluster.local/ns/default/sa/client}]
              roleRef: {kind: ServiceRole, name: reader}
              mode: %s
            """;

    private static Workbench start(String config, String binding) throws IOException {
        return Workbench.start(
                MeshFiles.of(
                        """
                        apiVersion: rbac.istio.io/v1alpha1
                        kind: ClusterRbacConfig
                        metadata: {name: default}
                        spec: {%s}
                        """.formatted(config) + ROLES.formatted(binding),
                        FOLDER.resolve("server.yaml"),
                        FOLDER.resolve("connections.yaml")),
                Proxies.sidecar("server", "v1"));
    }

    private static int status(Workbench bench, Call call, String spiffe) throws IOException {
        return bench.receive(call, spiffe).status();
    }

    private static Call get(String path) {
        return Call.get("server.default.svc.cluster.local", 8080, path);
    }

    @Test
    void whatARolePermitsItsSubjectsIsPermittedAndNothingElse() throws IOException {
        try (Workbench bench = start("mode: 'ON'", "ENFORCED")) {
            for (String path : new String[] {"/open", "/open?x", "/books/1", "/any/reviews"}) {
                assertThat(status(bench, get(path), CLIENT)).as(path).isEqualTo(200);
                assertThat(status(bench, get(path), OTHER)).as(path).isEqualTo(403);
                assertThat(status(bench, get(path).method("DELETE"), CLIENT))
                        .as(path)
                        .isEqualTo(403);
            }
            for (String path : new String[] {"/", "/opener", "/books", "/books/../secret", "/reviews/x"}) {
                assertThat(status(bench, get(path), CLIENT)).as(path).isEqualTo(403);
            }
            assertThat(bench.receive(get("/open")).status()).as("in plaintext").isEqualTo(403);
        }
    }

    @Test
    void aConstraintMustHold() throws IOException {
        try (Workbench bench = start("mode: 'ON'", "ENFORCED")) {
            Call call = get("/constrained").method("POST");
            assertThat(status(bench, call.with("x-version", "v1"), CLIENT)).isEqualTo(200);
            assertThat(status(bench, call.with("x-version", "v2.3"), CLIENT)).isEqualTo(200);
            assertThat(status(bench, call.with("x-version", "v10"), CLIENT)).isEqualTo(403);
            assertThat(status(bench, call, CLIENT)).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: 'OFF'|200",
                "mode: ON_WITH_INCLUSION, inclusion: {namespaces: [default]}|403",
                "mode: ON_WITH_INCLUSION, inclusion: {services: [server.default.svc.cluster.local]}|403",
                "mode: ON_WITH_INCLUSION, inclusion: {services: [authorizer.default.svc.cluster.local]}|200",
                "mode: ON_WITH_EXCLUSION, exclusion: {namespaces: [default]}|200",
                "mode: ON_WITH_EXCLUSION, exclusion: {services: [server.default.svc.cluster.local]}|200",
                "mode: ON_WITH_EXCLUSION, exclusion: {namespaces: [other]}|403"
            })
    void theModeSaysWhereRolesHold(String config, int others) throws IOException {
        try (Workbench bench = start(config, "ENFORCED")) {
            assertThat(status(bench, get("/open"), CLIENT)).isEqualTo(200);
            assertThat(status(bench, get("/open"), OTHER)).isEqualTo(others);
        }
    }

    @ParameterizedTest
    @CsvSource({"ENFORCED, 200", "PERMISSIVE, 403"})
    void aBindingThatIsTriedPermitsNobody(String mode, int status) throws IOException {
        try (Workbench bench = start("mode: 'ON'", mode)) {
            assertThat(status(bench, get("/open"), CLIENT)).isEqualTo(status);
        }
    }

    @Test
    void aMeshThatIsTriedRefusesNobodyAndCounts() throws IOException {
        try (Workbench bench = start("mode: 'ON', enforcement_mode: PERMISSIVE", "ENFORCED")) {
            assertThat(status(bench, get("/open"), OTHER)).isEqualTo(200);
            assertThat(bench.admin("/stats?filter=shadow_denied")).containsPattern("[1-9]");
        }
    }

    @Test
    void rolesHoldForConnections() throws IOException {
        try (Workbench bench = start("mode: 'ON'", "ENFORCED")) {
            assertThat(Line.heard(bench, CLIENT)).contains("heard");
            assertThat(Line.heard(bench, OTHER)).isEmpty();
        }
    }
}
