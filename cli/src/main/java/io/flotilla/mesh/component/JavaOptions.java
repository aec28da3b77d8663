package io.flotilla.mesh.component;

import java.util.List;

/** How the JVMs of a local mesh run: many on one machine, so small and quick to start rather than fastest. */
public final class JavaOptions {
    private JavaOptions() {}

    public static List<String> small(int heapMegabytes) {
        return List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xss512k",
                "-Xms16m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }
}
