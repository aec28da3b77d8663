package io.flotilla.mesh.state;

import java.nio.file.Path;
import java.util.Map;

/** Where what can be had again is kept: {@code ${XDG_CACHE_HOME:-~/.cache}/flotilla}. */
public final class CacheFolder {
    private CacheFolder() {}

    public static Path of(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return (cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache))
                .resolve("flotilla")
                .toAbsolutePath();
    }
}
