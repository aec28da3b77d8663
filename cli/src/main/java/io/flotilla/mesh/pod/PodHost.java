package io.flotilla.mesh.pod;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.util.Map;

/**
 * What all pods of a mesh share.
 *
 * @param images      commands for images
 * @param environment of every process
 * @param credentials gives tokens and roots
 */
public record PodHost(
        StateFolder state, MeshSpec spec, Images images, Map<String, String> environment, Credentials credentials) {
    public PodHost {
        environment = Map.copyOf(environment);
    }

    Isolation isolation() {
        return spec.isolation();
    }

    /** What ${...} in images.yaml stands for. */
    Map<String, String> variables() {
        return Map.of("JAVA", spec.javaHome() + "/bin/java", "FLOTILLA_HOME", spec.home());
    }
}
