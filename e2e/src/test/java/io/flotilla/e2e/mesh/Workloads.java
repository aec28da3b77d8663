package io.flotilla.e2e.mesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Clients and servers that tests bring into a mesh: resources/security/workloads.yaml. */
public final class Workloads implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final List<String> ALL = List.of("echo", "greeter", "sleep", "plain");
    private static final Path FILE = Mesh.ROOT.resolve("e2e/src/test/resources/security/workloads.yaml");

    private final Mesh mesh;
    private final MeshStatus atFirst;

    /** Brings them; comes back when each has a pod that is ready. */
    public Workloads(Mesh mesh) {
        this.mesh = mesh;
        mesh.flotilla("apply", "-f", FILE.toString()).orFail();
        this.atFirst = mesh.status();
        Eventually.holds(START, () -> "the workloads are ready: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return ALL.stream().allMatch(name -> status.podsOf(name).stream().anyMatch(pod -> pod.ready()));
        });
    }

    /** A pod of one of them. */
    public MeshStatus.Pod pod(String name) {
        return mesh.written(atFirst).pod(name);
    }

    /** What {@link io.flotilla.e2e.load.OneCall} prints in a pod of one of them. */
    public String callFrom(String name, String... arguments) {
        return mesh.callFrom(pod(name).name(), arguments);
    }

    /** Takes them away; comes back when their pods are gone. */
    @Override
    public void close() {
        mesh.flotilla("delete", "-f", FILE.toString()).orFail();
        Eventually.holds(START, () -> "the workloads are gone: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return ALL.stream().allMatch(name -> status.podsOf(name).isEmpty());
        });
    }
}
