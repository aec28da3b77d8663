package io.flotilla.cli;

import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "logs",
        description = "Prints the log of a component or of a pod's containers.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla logs pilot -f", "  flotilla logs reviews-v1-0 -c istio-proxy"})
final class LogsCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 200;

    @Parameters(index = "0", paramLabel = "NAME", description = "A component, or a pod as NAME or NAMESPACE/NAME.")
    private String name;

    @Option(
            names = {"-c", "--container"},
            description = "Only this container of a pod.")
    private @Nullable String container;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on.")
    private boolean follow;

    @Mixin
    private MeshOption mesh;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        StateFolder state = mesh.folder();
        List<Path> files = files(state.logs());
        if (files.isEmpty()) {
            throw CommandFailure.no("there is no log of " + name + " in " + state.logs());
        }
        Map<Path, Long> read = new HashMap<>();
        do {
            for (Path file : files) {
                print(file, files.size() > 1, read);
            }
            spec.commandLine().getOut().flush();
            if (follow) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } while (follow);
        return ExitCode.DONE;
    }

    private List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> matches(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /** COMPONENT.log, or NAMESPACE_POD_CONTAINER.log. */
    private boolean matches(String file) {
        String[] parts = file.replaceFirst("\\.log$", "").split("_", -1);
        if (parts.length != 3) {
            return parts.length == 1 && parts[0].equals(name);
        }
        boolean pod = name.equals(parts[1]) || name.equals(parts[0] + "/" + parts[1]);
        return pod && (container == null || container.equals(parts[2]));
    }

    private void print(Path file, boolean several, Map<Path, Long> read) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = read.getOrDefault(file, 0L);
            byte[] bytes = new byte[(int) Math.min(Integer.MAX_VALUE - 8, Math.max(0, log.length() - from))];
            log.seek(from);
            log.readFully(bytes);
            read.put(file, from + bytes.length);
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (several) {
                String prefix =
                        file.getFileName().toString().replaceFirst(".*_", "").replaceFirst("\\.log$", "") + " | ";
                text.lines().forEach(line -> out.println(prefix + line));
            } else {
                out.print(text);
            }
        }
    }
}
