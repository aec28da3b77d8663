package io.flotilla.mesh.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The jars that a mesh's launcher and supervisor run from. They are copies: a build that replaces the checkout's jars
 * must not take the classes from under a mesh that runs. Libraries of others never change and are linked.
 */
public final class OwnCopy {
    private static final String JAR = "flotilla-cli.jar";

    private OwnCopy() {}

    /** The jar to run, whose manifest finds its libraries in "lib" beside it. */
    public static Path jar(StateFolder state) {
        return state.root().resolve("run").resolve(JAR);
    }

    public static void create(StateFolder state, Path home) throws IOException {
        Path target = home.resolve("cli/target");
        Path libraries = jar(state).resolveSibling("lib");
        Files.createDirectories(libraries);
        Files.copy(target.resolve(JAR), jar(state));
        try (Stream<Path> files = Files.list(target.resolve("lib"))) {
            for (Path file : files.toList()) {
                Path own = libraries.resolve(file.getFileName().toString());
                if (file.getFileName().toString().startsWith("flotilla-")) {
                    Files.copy(file, own);
                } else {
                    Files.createSymbolicLink(own, file.toAbsolutePath());
                }
            }
        }
    }
}
