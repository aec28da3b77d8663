package io.flotilla.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds for registries.
 *
 * @param insecure HOST or HOST:PORT of those that may speak HTTP, or show a certificate that nobody vouches for
 */
public record RegistryRules(Set<String> insecure) {
    public RegistryRules {
        insecure = Set.copyOf(insecure);
    }

    /** On this machine, where nobody listens in, or named by the user. */
    public boolean mayBeInsecure(String registry) {
        String host = registry.replaceFirst(":\\d+$", "");
        return host.equals("localhost")
                || host.matches("127(\\.\\d{1,3}){3}")
                || host.equals("[::1]")
                || insecure.contains(registry)
                || insecure.contains(host);
    }

    /**
     * Files that may hold credentials, the ones asked first in front: those of docker login, then of podman login.
     *
     * @param environment with DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR and HOME, where they are set
     */
    public static List<Path> credentialFiles(Map<String, String> environment) {
        List<Path> files = new ArrayList<>();
        String docker = environment.getOrDefault("DOCKER_CONFIG", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        files.add((docker.isEmpty() ? Path.of(home, ".docker") : Path.of(docker)).resolve("config.json"));
        String auth = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!auth.isEmpty()) {
            files.add(Path.of(auth));
        } else if (!runtime.isEmpty()) {
            files.add(Path.of(runtime, "containers", "auth.json"));
        }
        return List.copyOf(files);
    }
}
