package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Bookinfo.Reviews;
import io.flotilla.e2e.mesh.Mesh;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The mesh also runs where it may not make namespaces. On a mesh of its own. */
class IsolationIT {
    private final Mesh mesh = Mesh.named("isolation-" + ProcessHandle.current().pid());

    @AfterEach
    void down() {
        mesh.down();
    }

    @Test
    void withoutNamespaces() {
        mesh.up("--no-netns").orFail();
        Call page = mesh.ingress("/productpage");

        assertThat(Bookinfo.count(Bookinfo.ask(page, 60))).containsOnlyKeys(Reviews.V1, Reviews.V2, Reviews.V3);

        mesh.applySample("networking/virtual-service-all-v1.yaml");
        int[] inARow = {0};
        mesh.awaitAnswer(page, Duration.ofSeconds(10), answer -> {
            inARow[0] = Reviews.on(answer) == Reviews.V1 ? inARow[0] + 1 : 0;
            return inARow[0] >= 10;
        });
        assertThat(Bookinfo.count(Bookinfo.ask(page, 100))).isEqualTo(Map.of(Reviews.V1, 100));
    }
}
