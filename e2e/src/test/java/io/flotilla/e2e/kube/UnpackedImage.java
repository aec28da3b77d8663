package io.flotilla.e2e.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.e2e.mesh.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An image from a registry in a folder, and a container of it: namespaces of its own for mounts, network and processes, a
 * root file system that cannot be written, the image's own user, variables and entry point. Its base is the JDK and the
 * libraries of this machine.
 */
public final class UnpackedImage {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final boolean AS_ROOT = "root".equals(System.getProperty("user.name"));

    /** What is this machine's comes in read-only; the rest is the image's. */
    private static final String ENTER = """
            set -eu
            root=$1 java=$2 user=$3 written=$4
            shift 4
            ip link set lo up
            mount --bind "$root" "$root"
            for folder in usr lib lib64 bin; do
              [ -e "/$folder" ] || continue
              mkdir -p "$root/$folder"
              mount --rbind "/$folder" "$root/$folder"
            done
            mkdir -p "$root/opt/java/openjdk" "$root/proc" "$root/dev"
            mount --rbind "$java" "$root/opt/java/openjdk"
            mount --rbind /dev "$root/dev"
            mount -t proc proc "$root/proc"
            for folder in $written; do mkdir -p "$root$folder"; done
            mount -o remount,bind,ro "$root"
            for folder in $written; do mount -t tmpfs -o mode=1777 tmpfs "$root$folder"; done
            cd "$root"
            exec chroot $user "$root" /usr/bin/env -i "$@"
            """;

    private final Path root;
    private final JsonNode config;

    private UnpackedImage(Path root, JsonNode config) {
        this.root = root;
        this.config = config;
    }

    /** Takes it from a registry, layer by layer. */
    public static UnpackedImage of(ImageRegistry registry, String repository, String tag, Path folder)
            throws IOException {
        JsonNode manifest = registry.manifest(repository, tag);
        Path root = Files.createDirectories(folder.resolve("root"));
        for (JsonNode layer : manifest.get("layers")) {
            Path blob = registry.blob(repository, layer.get("digest").asText(), folder.resolve("layer"));
            Command.run(
                            folder,
                            Map.of(),
                            LIMIT,
                            List.of(
                                    "tar",
                                    "--warning=no-unknown-keyword",
                                    "-xzf",
                                    blob.toString(),
                                    "-C",
                                    root.toString()))
                    .orFail();
        }
        return new UnpackedImage(root, registry.config(repository, manifest).get("config"));
    }

    /** A file of it. */
    public Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** Its configuration: User, Env, Entrypoint, Labels. */
    public JsonNode config() {
        return config;
    }

    /**
     * Starts a container.
     *
     * @param environment that the pod adds
     * @param written     folders that the pod mounts for writing
     */
    public Container start(Map<String, String> environment, List<String> written, Path log) throws IOException {
        Map<String, String> variables = new TreeMap<>();
        for (JsonNode variable : config.get("Env")) {
            String[] parts = variable.asText().split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        variables.putAll(environment);
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--net", "--pid", "--fork"));
        if (!AS_ROOT) {
            line.addAll(List.of("--user", "--map-root-user"));
        }
        line.addAll(List.of("sh", "-c", ENTER, "enter", root.toString(), System.getProperty("java.home")));
        // One user is all that an ordinary user's namespace has.
        line.addAll(List.of(AS_ROOT ? "--userspec=" + config.get("User").asText() : "", String.join(" ", written)));
        variables.forEach((name, value) -> line.add(name + "=" + value));
        config.get("Entrypoint").forEach(word -> line.add(word.asText()));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Container(process, log);
    }

    /** A container that runs. */
    public record Container(Process process, Path log) implements AutoCloseable {
        /**
         * What answers at an address of its own loopback, or why nothing does.
         *
         * @throws AssertionError with what it wrote, where it has ended
         */
        public String get(String url) {
            if (!process.isAlive()) {
                throw new AssertionError("the container has ended\n" + output());
            }
            if (network(Long.toString(process.pid())).equals(network("self"))) {
                return "not in its namespaces yet";
            }
            List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(process.pid()), "-n"));
            if (!AS_ROOT) {
                line.addAll(List.of("-U", "--preserve-credentials"));
            }
            line.addAll(List.of("curl", "-sS", "-m", "5", url));
            Command answer = Command.run(Path.of("/"), Map.of(), LIMIT, line);
            return answer.out() + answer.err();
        }

        private static String network(String process) {
            try {
                return Files.readSymbolicLink(Path.of("/proc", process, "ns/net"))
                        .toString();
            } catch (IOException e) {
                return e.toString();
            }
        }

        /** What it wrote so far. */
        public String output() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        }

        /** Its namespace of processes ends with the first of them. */
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
