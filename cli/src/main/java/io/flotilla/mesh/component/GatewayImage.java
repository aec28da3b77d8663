package io.flotilla.mesh.component;

import io.flotilla.mesh.pod.Images;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The gateway service as an image that every local mesh has. */
public final class GatewayImage {
    private static final int HEAP_MEGABYTES = 48;

    static final String MODULE = "gateway";

    private GatewayImage() {}

    /**
     * The table with its one entry.
     *
     * @param home of the installation
     */
    public static Images images(Path home) {
        List<String> command = command("${JAVA}", home, ClassArchive::use);
        return new Images(List.of(new Images.Entry("flotilla/gateway:*", command, Map.of())));
    }

    /** Starts one without an Envoy, so that it writes its archive of classes when it ends. */
    public static ComponentRun rehearse(
            StateFolder state, MeshSpec spec, Map<String, String> environment, Runnable changed) throws IOException {
        Path folder = state.data(MODULE);
        Files.createDirectories(folder);
        Map<String, String> settings = new TreeMap<>(environment);
        settings.put(JavaOptions.ARENAS, JavaOptions.ARENAS_VALUE);
        settings.put("FLOTILLA_MANAGEMENT_PORT", "0");
        settings.put("FLOTILLA_GATEWAY_ENVOY_DIRECTORY", folder.toString());
        settings.put("FLOTILLA_GATEWAY_MESH_DIR", state.config().toString());
        ProcessSpec process = new ProcessSpec(
                MODULE,
                command(spec.javaHome() + "/bin/java", spec.homePath(), ClassArchive::write),
                settings,
                state.logs().resolve(MODULE + ".log"));
        return ComponentRun.start(
                process, () -> Files.exists(folder.resolve("envoy-rev0.json")) ? "" : "no bootstrap yet", changed);
    }

    private static List<String> command(String java, Path home, Function<ClassArchive, List<String>> archives) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(JavaOptions.small(HEAP_MEGABYTES));
        command.addAll(archives.apply(ClassArchive.of(home, MODULE)));
        command.addAll(List.of("-jar", Components.jar(home, MODULE).toString()));
        return command;
    }
}
