package io.flotilla.mesh.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Programs of the machine, looked up on PATH and in the folders that ordinary users often lack there. */
public final class Tool {
    private static final List<String> SYSTEM = List.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin");

    private Tool() {}

    public static Optional<Path> find(String name) {
        return path().stream()
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** PATH for children: the caller's, then the system's folders. */
    public static String searchPath() {
        return String.join(":", path());
    }

    private static Set<String> path() {
        Set<String> folders = new LinkedHashSet<>();
        String path = System.getenv("PATH");
        if (path != null) {
            folders.addAll(List.of(path.split(":", -1)));
        }
        folders.addAll(SYSTEM);
        folders.remove("");
        return folders;
    }
}
