package io.flotilla.bench.serving;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JVM that is measured from outside. */
final class ServerProcess implements AutoCloseable {
    // USER_HZ, which Linux has fixed for programs.
    private static final int TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    final Process process;

    ServerProcess(String heap, List<String> arguments, Map<String, String> environment, File log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heap,
                // As the services run elsewhere: JavaOptions of cli.
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "-Xss512k",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:TrimNativeHeapInterval=3000",
                // Compiler threads stay, so that what they took can be told from the rest.
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        Stream.of(System.getProperty("jvm.options", "").split(" "))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(environment);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        process = builder.start();
        // Nothing stays behind, however the measurement ends.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /** Milliseconds of processor time since its start. */
    long cpuMillis() throws IOException {
        return millis(Path.of("/proc/" + process.pid()));
    }

    /** Milliseconds of its compilers, which a warm process does not spend. */
    long compilerMillis() throws IOException {
        long sum = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                if (name(task).matches("(?s)C[12] Compiler.*")) {
                    sum += millis(task);
                }
            }
        }
        return sum;
    }

    // A thread that has ended meanwhile has no name.
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return "";
        }
    }

    private static long millis(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * 1_000 / TICKS_PER_SECOND;
    }

    /** The highest so far, or since {@link #forgetHighest}. */
    long residentMegabytes() throws IOException {
        return status("VmHWM:") >> 10;
    }

    long residentNowMegabytes() throws IOException {
        return status("VmRSS:") >> 10;
    }

    void forgetHighest() throws IOException {
        Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
    }

    private long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** What is in use on the heap after a full collection. */
    long liveMegabytes() throws IOException, InterruptedException {
        command("GC.run");
        return Pattern.compile("total \\d+K, used (\\d+)K")
                        .matcher(command("GC.heap_info"))
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum()
                >> 10;
    }

    private String command(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        Long.toString(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return said;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
