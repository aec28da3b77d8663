package io.flotilla.config.snapshot;

import io.flotilla.config.store.MeshFolder;
import java.util.Map;

/** Meshes written as manifests. */
final class TestMesh {
    static final String BOOKS = """
            apiVersion: v1
            kind: Service
            metadata: {name: reviews, labels: {team: books}}
            spec: {selector: {app: reviews}, ports: [{name: http, port: 9080, targetPort: web}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: reviews-v1}
            spec:
              replicas: 2
              selector: {matchLabels: {app: reviews, version: v1}}
              template:
                metadata: {labels: {app: reviews, version: v1}}
                spec:
                  serviceAccountName: reviews
                  containers: [{name: app, image: reviews, ports: [{name: web, containerPort: 8080}]}]
            """;

    private TestMesh() {}

    static MeshSnapshot of(String... manifests) {
        return MeshFolder.read(Map.of("test.yaml", String.join("\n---\n", manifests)))
                .snapshot();
    }
}
