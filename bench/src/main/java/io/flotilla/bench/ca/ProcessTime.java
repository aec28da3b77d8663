package io.flotilla.bench.ca;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of a JVM, seen from outside. */
record ProcessTime(String pid) {
    // USER_HZ, which Linux has fixed for programs.
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    /** Seconds; the compilers' are part of all. */
    record Spent(double all, double compilers) {
        static final Spent NOTHING = new Spent(0, 0);

        Spent since(Spent before) {
            return new Spent(all - before.all, compilers - before.compilers);
        }

        @Override
        public String toString() {
            return "%.2f s (%.2f s of it compilers)".formatted(all, compilers);
        }
    }

    Spent now() throws IOException {
        Path process = Path.of("/proc", pid);
        double compilers = 0;
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                compilers += isCompiler(task) ? seconds(task) : 0;
            }
        }
        return new Spent(seconds(process), compilers);
    }

    // A thread that has ended meanwhile has no name.
    private static boolean isCompiler(Path task) {
        try {
            return Files.readString(task.resolve("comm")).matches("(?s)C[12] Compiler.*");
        } catch (IOException e) {
            return false;
        }
    }

    private static double seconds(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(STIME))) / TICKS_PER_SECOND;
    }
}
