package io.flotilla.injection;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The shell script of the init container: capture, then the files that Envoy starts with. */
public final class InitScript {
    static final String TEXT = read();

    private InitScript() {}

    /** What the init container runs. */
    public static List<String> command() {
        return List.of("/bin/sh", "-c", TEXT);
    }

    private static String read() {
        try (InputStream script = InitScript.class.getResourceAsStream("istio-init.sh")) {
            if (script == null) {
                throw new IllegalStateException("istio-init.sh is missing from the jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
