package io.flotilla.mesh.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * The jars that a mesh's launcher and supervisor run from. They are copies: a build that replaces the checkout's jars
 * must not take the classes from under a mesh that runs. Libraries of others never change and are linked.
 */
public final class OwnCopy {
    private static final String TARGET = "cli/target";
    private static final String JAR = "flotilla-cli.jar";

    private OwnCopy() {}

    /** The jar to run, whose manifest finds its libraries in "lib" beside it. */
    public static Path jar(StateFolder state) {
        return state.root().resolve("run").resolve(JAR);
    }

    /** The jar of which it is a copy. */
    public static Path original(Path home) {
        return home.resolve(TARGET).resolve(JAR);
    }

    public static void create(StateFolder state, Path home) throws IOException {
        Path target = home.resolve(TARGET);
        Path libraries = jar(state).resolveSibling("lib");
        Files.createDirectories(libraries);
        copy(original(home), jar(state));
        try (Stream<Path> files = Files.list(target.resolve("lib"))) {
            for (Path file : files.toList()) {
                Path own = libraries.resolve(file.getFileName().toString());
                if (file.getFileName().toString().startsWith("flotilla-")) {
                    copy(file, own);
                } else {
                    Files.createSymbolicLink(own, file.toAbsolutePath());
                }
            }
        }
    }

    /** With its time: an archive of classes is for jars of one time. */
    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
