package io.flotilla.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.snapshot.MeshService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeshFolderTest {
    private static final Path BOOKINFO = Path.of(System.getProperty("flotilla.root"), "samples/bookinfo");

    @Test
    void readsTheSampleAsTheMeshThatItBecomes() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var walk = Files.walk(BOOKINFO)) {
            for (Path file : walk.filter(path -> path.toString().endsWith(".yaml")
                            && !path.toString().contains("target"))
                    .toList()) {
                files.put(BOOKINFO.relativize(file).toString(), Files.readString(file));
            }
        }
        MeshFolder folder = MeshFolder.read(files);
        assertThat(folder.diagnostics()).noneMatch(problem -> problem.severity() == Severity.ERROR);
        MeshService reviews = folder.snapshot()
                .service("reviews.default.svc.cluster.local", "default")
                .orElseThrow();
        assertThat(folder.snapshot().endpoints(reviews, 9080))
                .hasSize(3)
                .allMatch(endpoint ->
                        endpoint.meshTls() && endpoint.serviceAccount().equals("bookinfo-reviews"))
                .extracting(endpoint -> endpoint.labels().get("version"))
                .containsExactlyInAnyOrder("v1", "v2", "v3");
        assertThat(folder.snapshot().inboundPorts("default", Map.of("app", "reviews", "version", "v1")))
                .singleElement()
                .matches(port -> port.endpointPort() == 9080 && port.service().equals(reviews));
    }
}
