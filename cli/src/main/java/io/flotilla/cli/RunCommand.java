package io.flotilla.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
        name = "run",
        description = {
            "Runs one service in the foreground, in any environment.",
            "Every option --x-y VALUE is the service's setting flotilla.x-y and the variable FLOTILLA_X_Y;",
            "\"flotilla run SERVICE --help\" lists them."
        },
        footerHeading = "%nExamples (a control plane without Kubernetes and Kafka):%n",
        footer = {
            "  flotilla run galley --config-dir ./config --port 9901",
            "  flotilla run pilot --config xds://127.0.0.1:9901 --port 15010",
            "  flotilla run citadel --help"
        })
final class RunCommand implements Callable<Integer> {
    private static final List<String> SERVICES =
            List.of("galley", "pilot", "citadel", "mixer", "sidecar-injector", "gateway");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "galley, pilot, citadel, mixer, sidecar-injector or gateway.")
    private @Nullable String service;

    @Option(
            names = {"-h", "--help"},
            description = "Show this help message, and the settings of SERVICE.")
    private boolean help;

    @Unmatched
    private List<String> settings = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (help && service == null) {
            spec.commandLine().usage(spec.commandLine().getOut());
            return ExitCode.DONE;
        }
        if (service == null || !SERVICES.contains(service)) {
            throw CommandFailure.couldNotRun(
                    (service == null ? "say which service to run" : "there is no service \"" + service + "\"")
                            + "; services are " + String.join(", ", SERVICES));
        }
        if (help) {
            spec.commandLine().usage(spec.commandLine().getOut());
            settings(service, spec.commandLine().getOut());
            return ExitCode.DONE;
        }
        Path jar = Installation.serviceJar(service);
        if (!Files.exists(jar)) {
            throw CommandFailure.couldNotRun(jar + " is missing; run ./flotilla without FLOTILLA_NO_BUILD to build it");
        }
        ProcessBuilder builder = new ProcessBuilder(Installation.java(), "-XX:+UseSerialGC", "-jar", jar.toString());
        environment(settings).forEach(builder.environment()::put);
        Process process = builder.inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
        return process.waitFor() == 0 ? ExitCode.DONE : ExitCode.NO;
    }

    private static void settings(String service, PrintWriter out) throws IOException {
        Path readme = Installation.home().resolve(service).resolve("README.md");
        out.println();
        out.println("Settings of " + service + " (" + readme + "):");
        ServiceSettings.of(readme).forEach(out::println);
        out.flush();
    }

    /** "--config-dir DIR" and "--config-dir=DIR" become FLOTILLA_CONFIG_DIR; a flag without value becomes "true". */
    static Map<String, String> environment(List<String> options) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (!option.startsWith("--") || option.length() == 2) {
                throw CommandFailure.couldNotRun("unexpected argument \"" + option + "\"; settings are --NAME VALUE");
            }
            int equals = option.indexOf('=');
            String name = equals < 0 ? option.substring(2) : option.substring(2, equals);
            String value = "true";
            if (equals >= 0) {
                value = option.substring(equals + 1);
            } else if (i + 1 < options.size() && !options.get(i + 1).startsWith("--")) {
                value = options.get(++i);
            }
            environment.put(
                    "FLOTILLA_"
                            + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'),
                    value);
        }
        return environment;
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
