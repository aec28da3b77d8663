package io.flotilla.e2e.mesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Clients and servers that tests bring into a mesh: a file workloads.yaml of the resources. */
public final class Workloads implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Path RESOURCES = Mesh.ROOT.resolve("e2e/src/test/resources");

    private final Mesh mesh;
    private final Path file;
    private final List<String> all;
    private final MeshStatus atFirst;

    private Workloads(Mesh mesh, String file, String... all) {
        this.mesh = mesh;
        this.file = RESOURCES.resolve(file);
        this.all = List.of(all);
        mesh.flotilla("apply", "-f", this.file.toString()).orFail();
        this.atFirst = mesh.status();
        Eventually.holds(START, () -> "the workloads are ready: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return this.all.stream()
                    .allMatch(name -> status.podsOf(name).stream().anyMatch(pod -> pod.ready()));
        });
    }

    /** Who may call whom: comes back when each has a pod that is ready. */
    public static Workloads ofSecurity(Mesh mesh) {
        return new Workloads(mesh, "security/workloads.yaml", "echo", "greeter", "sleep", "plain");
    }

    /** Who answers, and who no more: as {@link #ofSecurity}. */
    public static Workloads ofTraffic(Mesh mesh) {
        return new Workloads(mesh, "traffic/workloads.yaml", "httpbin-v1", "httpbin-v2", "fortio");
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
        mesh.flotilla("delete", "-f", file.toString()).orFail();
        Eventually.holds(START, () -> "the workloads are gone: " + mesh.status(), () -> {
            MeshStatus status = mesh.written(atFirst);
            return all.stream().allMatch(name -> status.podsOf(name).isEmpty());
        });
    }
}
