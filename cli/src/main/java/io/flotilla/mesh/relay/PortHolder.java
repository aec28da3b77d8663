package io.flotilla.mesh.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who has a port of 127.0.0.1 that cannot be bound, as far as {@code /proc} tells. */
sealed interface PortHolder {
    /** A process listens on it, or has a connection that begins there: any port from 32768 on may be given to one. */
    record Running(long pid, String command) implements PortHolder {
        private static final int HALF = 60;

        @Override
        public String toString() {
            // A JVM's begin says that it is one, its end what runs in it.
            String shown = command.length() > 2 * HALF
                    ? command.substring(0, HALF) + "..." + command.substring(command.length() - HALF)
                    : command;
            return "is in use by process " + pid + (shown.isEmpty() ? "" : " (" + shown + ")");
        }
    }

    /** No process any more: a connection began there and has ended, and the kernel keeps its port for a minute. */
    record Ended() implements PortHolder {
        @Override
        public String toString() {
            return "is in use by a connection that has ended (TIME_WAIT)";
        }
    }

    /** Nobody that can be seen: another user's process, no Linux, or a port that is not for everybody. */
    record Unknown(String reason) implements PortHolder {
        @Override
        public String toString() {
            return "cannot be had (" + reason + ")";
        }
    }

    /**
     * Looks at this moment's sockets.
     *
     * @param failure what became of an attempt to bind the port
     */
    static PortHolder of(int port, BindException failure) {
        Unknown unknown = new Unknown(String.valueOf(failure.getMessage()));
        Set<String> inodes = Stream.of("tcp", "tcp6")
                .flatMap(table ->
                        SocketTable.inodes(lines(Path.of("/proc/net", table)), port, ByteOrder.nativeOrder()).stream())
                .collect(Collectors.toUnmodifiableSet());
        Set<String> owned = inodes.stream().filter(inode -> !inode.equals("0")).collect(Collectors.toUnmodifiableSet());
        if (owned.isEmpty()) {
            return inodes.isEmpty() ? unknown : new Ended();
        }
        return ProcessHandle.allProcesses()
                .filter(process -> hasOneOf(process, owned))
                .findFirst()
                .<PortHolder>map(process ->
                        new Running(process.pid(), process.info().commandLine().orElse("")))
                .orElse(unknown);
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean hasOneOf(ProcessHandle process, Set<String> inodes) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return open.flatMap(descriptor -> socket(descriptor).stream()).anyMatch(inodes::contains);
        } catch (IOException | UncheckedIOException e) {
            // Somebody else's process, or one that has just ended.
            return false;
        }
    }

    /** The inode that "socket:[INODE]" names. */
    private static Optional<String> socket(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Optional.of(target.substring("socket:[".length(), target.length() - 1))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
