package io.flotilla.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mesh could leave behind on its host.
 *
 * @param processes  command lines that name the mesh's state folder
 * @param namespaces named network namespaces
 * @param interfaces network interfaces of the host
 * @param rules      firewall rules of the host
 * @param mounts     mount points that name the mesh's state folder
 */
public record HostState(
        Set<String> processes, Set<String> namespaces, Set<String> interfaces, String rules, Set<String> mounts) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    public static HostState of(String mesh) {
        return new HostState(
                processesNaming("/flotilla/" + mesh),
                lines("ip", "netns", "list"),
                lines("sh", "-c", "ls /sys/class/net"),
                String.join("\n", lines("sh", "-c", "iptables-save 2>/dev/null | grep -v '^#' || true")),
                lines("cat", "/proc/self/mounts").stream()
                        .filter(mount -> mount.contains("/flotilla/" + mesh))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> processesNaming(String text) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(folder -> folder.getFileName().toString().matches("\\d+"))
                    .map(folder -> folder.resolve("cmdline"))
                    .map(HostState::commandLine)
                    .filter(line -> line.contains(text))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException e) {
            // The process ended while we looked.
            return "";
        }
    }

    private static Set<String> lines(String... command) {
        return Command.run(Path.of("/"), Map.of(), LIMIT, List.of(command))
                .orFail()
                .out()
                .lines()
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
