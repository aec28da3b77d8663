package io.flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "test",
        description = "Runs all tests as CI does: static checks, unit, service and end-to-end tests.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla test",
            "  flotilla test -- -pl core/config -Dtest=ObjectReaderTest",
            "  flotilla test --long -- -pl fuzz -am -Dflotilla.fuzz.seconds=60"
        })
final class TestCommand implements Callable<Integer> {
    /** What tests need on the PATH, and where it comes from. */
    private static final Map<String, String> NEEDS = new LinkedHashMap<>(Map.of(
            "mvn", "Debian: apt-get install maven",
            "ip", "Debian: apt-get install iproute2",
            "unshare", "Debian: apt-get install util-linux",
            "iptables", "Debian: apt-get install iptables",
            "openssl", "Debian: apt-get install openssl",
            "etcd", "Debian: apt-get install etcd-server",
            "go", "1.26 or later, from the Go project",
            "kubectl", "1.30 or later, from the Kubernetes project"));

    @Option(names = "--allow-missing", description = "Pass without the tests whose need is missing.")
    private boolean allowMissing;

    @Option(names = "--long", description = "The long tests too: each fuzz target for five minutes.")
    private boolean longTests;

    @Parameters(paramLabel = "MAVEN ARGUMENT", arity = "0..*", description = "Passed on to Maven, after --.")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkNeeds();
        List<String> line = new ArrayList<>(List.of(
                "mvn",
                "-B",
                "-ntp",
                "-T2",
                // A failure hides no other.
                "-fae",
                "-f",
                Installation.home().resolve("pom.xml").toString(),
                "verify"));
        if (longTests) {
            line.add("-Dflotilla.long=true");
        }
        line.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(Installation.home().toFile()).inheritIO();
        builder.environment().put("FLOTILLA_ENVOY", EnvoyPathCommand.envoy(spec).toString());
        FileTime begin = FileTime.from(Instant.now());
        // Chosen tests may need no API server.
        Optional<EarlyBuild> early =
                arguments.isEmpty() ? EarlyBuild.begin(Installation.home(), onPath("go")) : Optional.empty();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroy();
            early.ifPresent(EarlyBuild::close);
        }));
        int exit = process.waitFor();
        List<String> failed = FailedTests.since(begin, Installation.home());
        if (!failed.isEmpty()) {
            spec.commandLine().getErr().println("failed tests:");
            failed.forEach(each -> spec.commandLine().getErr().println("  " + each));
        }
        return exit == 0 ? ExitCode.DONE : ExitCode.NO;
    }

    private void checkNeeds() {
        List<String> missing = new ArrayList<>();
        NEEDS.forEach((need, from) -> {
            if (!onPath(need)) {
                missing.add(need + " (" + from + ")");
            }
        });
        if (missing.isEmpty()) {
            return;
        }
        boolean ci = "true".equals(System.getenv("CI"));
        String message = "missing for the tests: " + String.join(", ", missing);
        if (ci || !allowMissing) {
            throw CommandFailure.couldNotRun(message + (ci ? "" : "; --allow-missing passes without them"));
        }
        spec.commandLine().getErr().println(message);
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
