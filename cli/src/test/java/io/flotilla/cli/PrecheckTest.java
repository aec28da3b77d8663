package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.IsolationProbe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a cluster, and of a machine, before an installation. */
class PrecheckTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final String NODE = """
            {"items": [{"status": {"conditions": [{"type": "Ready", "status": "%s"}],
                        "allocatable": {"cpu": "%s", "memory": "%s"}}}]}
            """;

    private String version = "{\"serverVersion\": {\"major\": \"1\", \"minor\": \"32\", \"gitVersion\": \"v1.32.1\"}}";
    private Map<String, Boolean> rights = Map.of("namespaces", true);
    private String deployments = "{}";
    private String webhooks = "{}";
    private String nodes = NODE.formatted("True", "3500m", "8145540Ki");

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> said() {
        return new ClusterPrecheck(
                        json(version),
                        rights,
                        json(deployments),
                        json(webhooks),
                        json(nodes),
                        new ClusterPrecheck.Existing(0, 0, List.of()))
                .checked().stream().map(Checked::line).toList();
    }

    @Test
    void aClusterThatHasAllIsGood() {
        assertThat(said())
                .containsExactly(
                        "ok: version: Kubernetes v1.32.1",
                        "ok: rights: this user may create all that is installed",
                        "ok: control planes: none is here",
                        "ok: kinds: none of the mesh's is installed yet",
                        "ok: room: 1 nodes are ready, with 3.5 cores and 7.8 GiB");
    }

    @ParameterizedTest
    @CsvSource({"24, error", "25, warning", "28+, warning", "29, ok", "32+, ok"})
    void versionsAreOldOrNew(String minor, String verdict) {
        version = version.replace("\"32\"", "\"" + minor + "\"");
        assertThat(said().getFirst()).startsWith(verdict + ": version: ");
    }

    @Test
    void whatStandsInTheWayIsNamed() {
        rights = Map.of("namespaces", true, "clusterroles.rbac.authorization.k8s.io", false);
        deployments = "{\"items\": [{\"metadata\": {\"name\": \"istiod\", \"namespace\": \"istio-system\"}}]}";
        webhooks = "{\"items\": [{\"metadata\": {\"name\": \"istio-sidecar-injector\"}}]}";
        nodes = NODE.formatted("False", "4", "16Gi");

        assertThat(said())
                .contains("error: rights: this user may not create clusterroles.rbac.authorization.k8s.io")
                .contains("error: room: no node is ready: pods would wait")
                .anyMatch(line -> line.startsWith("warning: control planes: Deployment istio-system/istiod,"
                        + " MutatingWebhookConfiguration istio-sidecar-injector: "));
    }

    @Test
    void aSmallClusterAndOneThatTellsNoRightsAreWarnedOf() {
        rights = Map.of();
        nodes = NODE.formatted("True", "1", "16Gi");

        assertThat(said())
                .contains("warning: rights: the API server does not say what this user may do")
                .contains("warning: room: 1 nodes are ready, with 1.0 cores and 16.0 GiB;"
                        + " the demo wants 2 cores and 4 GiB");
    }

    @Test
    void aMachineIsJudgedByWhatAMeshOnItNeeds() {
        IsolationProbe.Finding namespaces = new IsolationProbe.Finding(Isolation.USER, "");
        IsolationProbe.Finding none = new IsolationProbe.Finding(Isolation.NONE, "no unshare");

        assertThat(new MachinePrecheck(25, Optional.of("/bin/envoy"), false, namespaces, 8 * GIBIBYTE, List.of())
                        .checked())
                .extracting(Checked::verdict)
                .containsOnly(Checked.Verdict.OK);
        assertThat(new MachinePrecheck(24, Optional.empty(), false, none, GIBIBYTE, List.of(8080, 9092)).checked())
                .extracting(Checked::line)
                .containsExactly(
                        "error: Java: 24; the mesh needs 25 or later",
                        "error: Envoy: none, and no pip that could install it; name one in FLOTILLA_ENVOY or on the PATH",
                        "warning: isolation: no unshare; pods share the network of the machine, without capture",
                        "warning: memory: 1.0 GiB; the mesh with its sample wants 3",
                        "warning: ports: 8080, 9092 are taken; \"flotilla up --ports auto\" takes others");
    }
}
