package io.flotilla.cli;

import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
        footer = {
            "  flotilla logs pilot -f",
            "  flotilla logs istio-pilot -n istio-system -c discovery --tail 20",
            "  flotilla logs reviews-v1-0 -c istio-proxy"
        })
final class LogsCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 200;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "A component, also by its Service's name in a cluster (istio-pilot), or a pod as NAME,"
                    + " NAMESPACE/NAME or NAME.NAMESPACE.")
    private String name;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "",
            description = "The pod's namespace (default: any).")
    private String namespace;

    @Option(
            names = {"-c", "--container"},
            defaultValue = "",
            description = "Only this container of a pod.")
    private String container;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "-1",
            description = "Begin with the last LINES lines; -1 (the default) for all.")
    private int tail;

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
        LogFiles logs = LogFiles.in(state.logs());
        List<Path> files = logs.of(name, namespace, container);
        if (files.isEmpty()) {
            throw CommandFailure.no("there is no log of " + asked() + " in " + state.logs()
                    + (logs.names().isEmpty() ? "" : "; there are those of " + String.join(", ", logs.names())));
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

    private String asked() {
        return name
                + (container.isEmpty() ? "" : ", container " + container)
                + (namespace.isEmpty() ? "" : ", in namespace " + namespace);
    }

    private void print(Path file, boolean several, Map<Path, Long> read) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = read.getOrDefault(file, 0L);
            byte[] bytes = new byte[(int) Math.min(Integer.MAX_VALUE - 8, Math.max(0, log.length() - from))];
            log.seek(from);
            log.readFully(bytes);
            read.put(file, from + bytes.length);
            String all = new String(bytes, StandardCharsets.UTF_8);
            String text = from == 0 ? last(all, tail) : all;
            if (several) {
                String prefix =
                        file.getFileName().toString().replaceFirst(".*_", "").replaceFirst("\\.log$", "") + " | ";
                text.lines().forEach(line -> out.println(prefix + line));
            } else {
                out.print(text);
            }
        }
    }

    /** The last lines of a text; all where that number is below 0. */
    static String last(String text, int lines) {
        int at = text.endsWith("\n") ? text.length() - 1 : text.length();
        for (int left = lines; left > 0 && at >= 0; left--) {
            at = text.lastIndexOf('\n', at - 1);
        }
        return lines < 0 || at < 0 ? text : lines == 0 ? "" : text.substring(at + 1);
    }
}
