package io.flotilla.mesh.component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A service's classes as the JVM holds them, read and checked once: with it a service starts with half the work. It lies
 * beside the jar that it was made of, and counts only while it is the younger of the two.
 *
 * @param jar that is run
 */
record ClassArchive(Path jar) {
    /** An archive that does not fit the JVM after all is left aside; that is no news for a service's log. */
    private static final List<String> SILENT = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    static ClassArchive of(Path home, String module) {
        return new ClassArchive(Components.jar(home, module));
    }

    /** JVM options by which it is used, if it is there. */
    List<String> use() {
        return isCurrent() ? options("-XX:SharedArchiveFile=" + file()) : List.of();
    }

    /** JVM options by which a service writes it when it ends, not yet in its place. */
    List<String> write() {
        return options("-XX:ArchiveClassesAtExit=" + unfinished());
    }

    private static List<String> options(String option) {
        return List.of(option, SILENT.getFirst(), SILENT.getLast());
    }

    /** Puts what was written in its place; false if nothing was. */
    boolean keep() throws IOException {
        if (!Files.exists(unfinished())) {
            return false;
        }
        Files.move(unfinished(), file(), StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    boolean isCurrent() {
        try {
            return Files.exists(file())
                    && Files.getLastModifiedTime(file()).compareTo(Files.getLastModifiedTime(jar)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it can be made: the folder is ours. */
    boolean isWritable() {
        return Files.isWritable(jar.resolveSibling("."));
    }

    private Path file() {
        return jar.resolveSibling("classes.jsa");
    }

    private Path unfinished() {
        return jar.resolveSibling("classes.jsa." + ProcessHandle.current().pid());
    }
}
