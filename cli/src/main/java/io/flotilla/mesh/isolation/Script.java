package io.flotilla.mesh.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The shell scripts that set namespaces up from within. */
public final class Script {
    private Script() {}

    /** Runs a command as the supervisor of a new outer namespace. */
    public static List<String> outer(String state, String envoy, List<String> addresses, List<String> command) {
        List<String> line = shell("outer.sh", state, envoy, String.join(",", addresses));
        line.addAll(command);
        return line;
    }

    /**
     * Holds a pod's namespaces until it is killed.
     *
     * @param mounts pairs of a folder and the place where the pod sees it
     */
    public static List<String> pod(String hosts, List<String> mounts) {
        List<String> line = new ArrayList<>(List.of("unshare", "--net", "--mount", "--propagation", "private", "--"));
        line.addAll(shell("pod.sh", hosts));
        line.addAll(mounts);
        return line;
    }

    private static List<String> shell(String script, String... arguments) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", text(script), "flotilla-" + script));
        line.addAll(Arrays.asList(arguments));
        return line;
    }

    private static String text(String script) {
        try (InputStream stream = Objects.requireNonNull(Script.class.getResourceAsStream(script), script)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
