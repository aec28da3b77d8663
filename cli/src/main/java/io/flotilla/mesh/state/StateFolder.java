package io.flotilla.mesh.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The folder of one local mesh. {@code flotilla down} needs nothing else.
 *
 * @param root absolute
 */
public record StateFolder(Path root) {
    /** A UNIX socket's path has at most 107 bytes on Linux. */
    private static final int LONGEST_SOCKET_PATH = 100;

    /** The folder of the mesh of that name: ${XDG_STATE_HOME:-~/.local/state}/flotilla/NAME. */
    public static StateFolder of(String name, Map<String, String> environment) {
        return new StateFolder(base(environment).resolve(name));
    }

    private static Path base(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        Path parent = state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state);
        return parent.toAbsolutePath().resolve("flotilla");
    }

    /** The names of all meshes that have a folder, sorted. */
    public static List<String> names(Map<String, String> environment) {
        Path base = base(environment);
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(base)) {
            return folders.filter(folder -> Files.exists(folder.resolve("mesh.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The user's objects; {@code apply} and {@code delete} work here. */
    public Path config() {
        return root.resolve("config");
    }

    /** Objects that the supervisor writes: pods, endpoints, control plane services. */
    public Path runtime() {
        return root.resolve("runtime");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path pods() {
        return root.resolve("pods");
    }

    public Path keys() {
        return root.resolve("keys");
    }

    /** Files of one hosts(5) table per namespace. */
    public Path hosts() {
        return root.resolve("hosts");
    }

    public Path data(String component) {
        return root.resolve("data").resolve(component);
    }

    public Path meshFile() {
        return root.resolve("mesh.json");
    }

    public Path statusFile() {
        return root.resolve("status.json");
    }

    public Path supervisorPid() {
        return root.resolve("supervisor.pid");
    }

    public Path launcherPid() {
        return root.resolve("launcher.pid");
    }

    /** The way into the mesh. */
    public Path relaySocket() {
        return socket("relay.sock");
    }

    /** The way out of the mesh, to a Kafka of the user's own. */
    public Path egressSocket() {
        return socket("egress.sock");
    }

    private Path socketFolder() {
        return Objects.requireNonNull(relaySocket().getParent(), "a socket lies in a folder");
    }

    private Path socket(String name) {
        Path path = root.resolve(name);
        if (path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH) {
            return path;
        }
        String folder = "flotilla-" + Integer.toHexString(root.toString().hashCode());
        return Path.of(System.getProperty("java.io.tmpdir"), folder, name);
    }

    /** Makes an empty folder that only the user can enter. */
    public void create() throws IOException {
        delete();
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        for (Path folder : List.of(config(), runtime(), logs(), pods(), keys(), hosts(), socketFolder())) {
            Files.createDirectories(folder);
        }
        Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rwx------"));
    }

    /** Deletes the folder and its sockets. */
    public void delete() throws IOException {
        deleteTree(root);
        if (!relaySocket().startsWith(root)) {
            deleteTree(socketFolder());
        }
    }

    /** Deletes all but the logs. */
    public void retire() throws IOException {
        if (Files.isDirectory(root)) {
            try (Stream<Path> entries = Files.list(root)) {
                for (Path entry : entries.filter(each -> !each.equals(logs())).toList()) {
                    deleteTree(entry);
                }
            }
        }
        if (!relaySocket().startsWith(root)) {
            deleteTree(socketFolder());
        }
    }

    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Replaces a file's content at once: a reader sees the old one or the new one. */
    public static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Like {@link #write}, readable by the owner alone. */
    public static void writeSecret(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
