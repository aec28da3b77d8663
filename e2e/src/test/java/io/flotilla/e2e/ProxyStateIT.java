package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the commands say of the proxies of a running mesh. */
@OfMeshes
class ProxyStateIT {
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final String REVIEWS = "outbound|9080||reviews.default.svc.cluster.local";

    private static Mesh mesh;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @Test
    void everyProxyOfTheMeshIsInStepWithPilot() throws IOException {
        Command[] last = new Command[1];
        Eventually.holdsSlowly(SETTLE, () -> "all proxies in step: " + last[0], () -> {
            last[0] = mesh.flotilla("proxy-status");
            return last[0].exit() == 0;
        });
        List<String> proxies = mesh.status().pods().stream()
                .filter(pod -> pod.sidecar() && !pod.terminating())
                .map(pod -> pod.name() + "." + pod.namespace())
                .toList();
        assertThat(proxies).hasSizeGreaterThan(5);
        for (String proxy : proxies) {
            assertThat(last[0].out().lines())
                    .as(proxy)
                    .anyMatch(line -> line.matches(proxy.replace(".", "\\.") + " +SYNCED +SYNCED +.*Z"));
        }
        JsonNode page = new ObjectMapper()
                .readTree(mesh.flotilla("ps", proxies.getFirst(), "-o", "json")
                        .orFail()
                        .out());
        assertThat(page.findValuesAsText("proxy")).containsExactly(proxies.getFirst());
        assertThat(page.path(0).path("cluster_acked").asText())
                .isNotEmpty()
                .isEqualTo(page.path(0).path("cluster_sent").asText());
    }

    @Test
    void anEnvoyShowsWhatItReallyHas() throws IOException {
        MeshStatus.Pod pod = mesh.status().pod("productpage-v1");
        assertThat(mesh.flotilla("pc", "cluster", pod.name()).orFail().out()).contains(REVIEWS);
        assertThat(mesh.flotilla("pc", "endpoint", pod.name()).orFail().out()).contains(REVIEWS);
        JsonNode listeners = new ObjectMapper()
                .readTree(mesh.flotilla("pc", "listener", pod.name(), "-o", "json")
                        .orFail()
                        .out());
        assertThat(listeners.findValuesAsText("name")).contains("virtualInbound", "virtualOutbound");
        String secrets =
                mesh.flotilla("pc", "secret", pod.name(), "-o", "json").orFail().out();
        assertThat(secrets).contains("\"default\"").doesNotContain("BEGIN PRIVATE KEY", "BEGIN EC PRIVATE KEY");
    }
}
