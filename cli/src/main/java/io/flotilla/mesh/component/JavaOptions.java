package io.flotilla.mesh.component;

import java.util.ArrayList;
import java.util.List;

/**
 * How the JVMs of the services run: the one place for it, which deploy/kustomize repeats (a test compares them). What the
 * settings spare is told in docs/performance.md.
 */
public final class JavaOptions {
    /**
     * In the environment: the C library keeps two pools of memory, not eight for each processor, which compilers fill
     * and leave.
     */
    public static final String ARENAS = "MALLOC_ARENA_MAX";

    public static final String ARENAS_VALUE = "2";

    private static final List<String> EVERYWHERE = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-Xss512k",
            // The heap is as large as what lives on it asks for, not as large as it may be.
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25",
            // What a compiler took goes back to the system, and no single method may take more than this.
            "-XX:TrimNativeHeapInterval=3000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=MemLimit,*.*,16m~stop",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private JavaOptions() {}

    /** On a machine of its user, many side by side: small and quick to start rather than fastest. */
    public static List<String> small(int heapMegabytes) {
        List<String> options = new ArrayList<>(EVERYWHERE);
        options.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=48m",
                "-Xshare:auto",
                "-Xms16m",
                "-Xmx" + heapMegabytes + "m"));
        return List.copyOf(options);
    }

    /**
     * In a container: the heap may take its share of the limit, the rest is code, classes and buffers. Galley is compiled
     * by the quick compiler alone: of what an edit costs it, the other one took more than it ever gave back.
     */
    public static List<String> container(ControlService service) {
        List<String> options = new ArrayList<>(EVERYWHERE);
        if (service == ControlService.GALLEY) {
            options.add("-XX:TieredStopAtLevel=1");
        }
        options.addAll(List.of("-XX:ReservedCodeCacheSize=64m", "-XX:MaxRAMPercentage=60"));
        return List.copyOf(options);
    }
}
