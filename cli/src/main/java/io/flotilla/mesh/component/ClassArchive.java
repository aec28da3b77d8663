package io.flotilla.mesh.component;

import io.flotilla.mesh.state.OwnCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program's classes as the JVM holds them, read and checked once: with it the program starts with half the work. It
 * lies beside the jar that it was made of, and counts only while it is the younger of the two.
 *
 * @param jar  that is run
 * @param name of the file beside it
 */
public record ClassArchive(Path jar, String name) {
    /** An archive that does not fit the JVM after all is left aside; that is no news for a program's log. */
    private static final List<String> SILENT = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    /** Of a service, or of the gateway. */
    static ClassArchive of(Path home, String module) {
        return new ClassArchive(Components.jar(home, module), "classes.jsa");
    }

    /** Of the supervisor. It fits the launcher too, and whatever copy of the jar they run from. */
    public static ClassArchive ofSupervisor(Path home) {
        return new ClassArchive(OwnCopy.original(home), "supervisor.jsa");
    }

    static ClassArchive ofKafka(Path home) {
        return new ClassArchive(OwnCopy.original(home), "kafka.jsa");
    }

    /** Of all that is run as processes of its own: services, gateway and broker. */
    public static List<ClassArchive> ofPrograms(Path home) {
        Stream<ClassArchive> services = Stream.of(ControlService.values()).map(service -> of(home, service.module()));
        return Stream.concat(services, Stream.of(of(home, GatewayImage.MODULE), ofKafka(home)))
                .toList();
    }

    /** JVM options by which it is used, if it is there. */
    public List<String> use() {
        return isCurrent() ? options("-XX:SharedArchiveFile=" + file()) : List.of();
    }

    /** JVM options by which a program writes it when it ends, not yet in its place. */
    public List<String> write() {
        return options("-XX:ArchiveClassesAtExit=" + unfinished());
    }

    private static List<String> options(String option) {
        return List.of(option, SILENT.getFirst(), SILENT.getLast());
    }

    /** Puts what was written in its place; false if nothing was. */
    public boolean keep() throws IOException {
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
        return jar.resolveSibling(name);
    }

    private Path unfinished() {
        return jar.resolveSibling(name + "." + ProcessHandle.current().pid());
    }
}
