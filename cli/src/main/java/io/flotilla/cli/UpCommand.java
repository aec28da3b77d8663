package io.flotilla.cli;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.Launcher;
import io.flotilla.mesh.Progress;
import io.flotilla.mesh.Teardown;
import io.flotilla.mesh.component.ClassArchive;
import io.flotilla.mesh.component.Components;
import io.flotilla.mesh.component.ControlService;
import io.flotilla.mesh.component.QuickStart;
import io.flotilla.mesh.envoy.EnvoyBinary;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.IsolationProbe;
import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.relay.HostRelay;
import io.flotilla.mesh.relay.Patience;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.ObjectText;
import io.flotilla.mesh.state.OwnCopy;
import io.flotilla.mesh.state.StartConfig;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.MeshStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = "Starts a mesh on this machine and waits until every pod is ready and in sync.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla up                                 bookinfo; Ctrl-C stops all of it",
            "  flotilla up --detach --name two --ports auto",
            "  flotilla up -f shop/ --mtls strict"
        })
final class UpCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 100;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            description = "What to run: manifests, copied; of a folder with a kustomization.yaml its resources "
                    + "(default: samples/bookinfo). May be repeated.")
    private List<Path> sources = new ArrayList<>();

    @Mixin
    private MeshOption mesh;

    @Option(names = "--detach", description = "Return when the mesh is ready; \"flotilla down\" stops it.")
    private boolean detach;

    @Option(names = "--ports", paramLabel = "auto", description = "auto: free ports of the host instead of the usual.")
    private @Nullable String ports;

    @Option(names = "--port", paramLabel = "NAME=NUMBER", description = "One port of the host. May be repeated.")
    private Map<String, Integer> chosen = new HashMap<>();

    @Option(
            names = "--mtls",
            paramLabel = "MODE",
            defaultValue = "permissive",
            description = "strict, permissive or off: what the mesh accepts where no policy says (default: "
                    + "${DEFAULT-VALUE}).")
    private String mtls;

    @Option(names = "--no-netns", description = "Without namespaces and capture: pods share the host's loopback.")
    private boolean noNamespaces;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", defaultValue = "", description = "A Kafka of your own.")
    private String kafka;

    @Option(names = "--envoy", paramLabel = "PATH", description = "The Envoy binary.")
    private @Nullable Path envoy;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "180",
            description = "How long to wait until all is ready (default: ${DEFAULT-VALUE}).")
    private int timeout;

    /** Set by {@code --detach} for the process that stays. */
    @Option(names = "--stay", hidden = true)
    private boolean stay;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        StateFolder state = mesh.folder();
        if (!stay) {
            if (PidFile.read(state.supervisorPid()).isPresent()) {
                throw CommandFailure.couldNotRun(
                        "mesh \"" + mesh.name() + "\" is running; \"flotilla down\" stops it, --name starts another");
            }
            // What a killed predecessor left.
            Teardown.end(state);
            state.create();
            OwnCopy.create(state, Installation.home());
            QuickStart.prepare(state, Installation.home(), System.getenv(), this::say);
        }
        return detach ? startDetached(state) : run(state);
    }

    private void check() {
        if (ports != null && !ports.equals("auto")) {
            throw CommandFailure.couldNotRun("--ports takes only \"auto\"; --port NAME=NUMBER sets a single one");
        }
        if (!List.of("strict", "permissive", "off").contains(mtls)) {
            throw CommandFailure.couldNotRun("--mtls is strict, permissive or off, not " + mtls);
        }
        chosen.keySet().stream()
                .filter(name -> MeshPort.named(name).isEmpty())
                .findFirst()
                .ifPresent(name -> {
                    throw CommandFailure.couldNotRun("there is no port \"" + name + "\"; there are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(MeshPort.values())
                                            .map(MeshPort::key)
                                            .toList()));
                });
        for (ControlService service : ControlService.values()) {
            if (!Files.exists(Components.jar(Installation.home(), service.module()))) {
                throw CommandFailure.couldNotRun(
                        service.module() + " is not built; run the flotilla launcher without " + "FLOTILLA_NO_BUILD");
            }
        }
    }

    private int run(StateFolder state) throws IOException, InterruptedException {
        Isolation isolation = isolation();
        if (!kafka.isEmpty() && isolation.namespaces()) {
            throw CommandFailure.couldNotRun(
                    "--kafka works only with --no-netns in this version: a mesh with a network "
                            + "of its own does not reach " + kafka);
        }
        copyConfig(state);
        Path binary = envoyBinary();
        try (HostRelay relay = bind(state)) {
            Map<String, Integer> numbers = new TreeMap<>(relay.ports());
            if (isolation == Isolation.NONE) {
                relay.release(Arrays.stream(MeshPort.values())
                        .filter(port -> port != MeshPort.INGRESS_HTTP && port != MeshPort.INGRESS_HTTPS)
                        .toList());
            }
            MeshSpec meshSpec = new MeshSpec(
                    mesh.name(),
                    Installation.home().toString(),
                    System.getProperty("java.home"),
                    binary.toString(),
                    isolation,
                    numbers,
                    mtls,
                    kafka,
                    Environment.settings(System.getenv()));
            meshSpec.writeTo(state);
            Launcher launcher = Launcher.start(state, meshSpec, relay);
            Thread end = new Thread(() -> {
                say("stopping");
                launcher.close();
                cleanUp(state);
            });
            Runtime.getRuntime().addShutdownHook(end);
            int exit = await(state, launcher::isAlive, 0);
            launcher.awaitEnd();
            if (exit == ExitCode.DONE) {
                say("the mesh has ended; its logs are in " + state.logs());
            }
            return ExitCode.NO;
        }
    }

    private static void cleanUp(StateFolder state) {
        try {
            state.retire();
        } catch (IOException e) {
            System.err.println("flotilla: " + e.getMessage());
        }
    }

    private Isolation isolation() {
        if (noNamespaces) {
            return Isolation.NONE;
        }
        IsolationProbe.Finding finding = IsolationProbe.find();
        if (!finding.obstacle().isEmpty()) {
            say(finding.obstacle() + "; going on without namespaces and capture (--no-netns)");
        }
        return finding.isolation();
    }

    private Path envoyBinary() throws IOException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (envoy != null) {
            environment.put("FLOTILLA_ENVOY", envoy.toString());
        }
        return EnvoyBinary.find(environment, this::say);
    }

    private void copyConfig(StateFolder state) throws IOException {
        Path samples = Installation.home().resolve("samples");
        List<Path> from = sources.isEmpty() ? List.of(samples.resolve("bookinfo")) : sources;
        for (Path source : from) {
            if (!Files.exists(source)) {
                throw CommandFailure.couldNotRun("there is no file or folder " + source);
            }
        }
        ConfigFolder config = new ConfigFolder(state.config());
        boolean classic = "1.1".equals(System.getenv("FLOTILLA_COMPATIBILITY"));
        for (ObjectText policy : ObjectText.of("mtls.yaml", MtlsPolicy.text(mtls, classic), ReadOptions.DEFAULT)) {
            config.put(policy);
        }
        List<Diagnostic> problems = StartConfig.copy(from, config, classic);
        problems.forEach(problem -> spec.commandLine().getErr().println(problem));
        if (problems.stream().anyMatch(problem -> problem.severity() == Diagnostic.Severity.ERROR)) {
            throw CommandFailure.no("nothing was started: the manifests have errors");
        }
        StateFolder.write(state.root().resolve("images.yaml"), StartConfig.images(from, samples));
    }

    private HostRelay bind(StateFolder state) throws IOException, InterruptedException {
        Map<MeshPort, Integer> wanted = new EnumMap<>(MeshPort.class);
        for (MeshPort port : MeshPort.values()) {
            wanted.put(port, chosen.getOrDefault(port.key(), ports == null ? port.standard() : 0));
        }
        try {
            return HostRelay.bind(state.relaySocket(), wanted, Patience.usual(this::say));
        } catch (HostRelay.PortTaken e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()));
        }
    }

    private int startDetached(StateFolder state) throws IOException, InterruptedException {
        // Ports in use are waited for here, where the user sees it; what the launcher says goes into a file.
        bind(state).close();
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Installation.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(ClassArchive.ofSupervisor(Installation.home()).use());
        command.addAll(List.of(
                "-Dflotilla.home=" + Installation.home(),
                "-jar",
                OwnCopy.jar(state).toString()));
        spec.commandLine().getParseResult().originalArgs().stream()
                .filter(argument -> !argument.equals("--detach"))
                .forEach(command::add);
        if (!command.contains("up")) {
            command.add("up");
        }
        command.add("--stay");
        Path log = state.logs().resolve("launcher.log");
        Process launcher = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = await(state, launcher::isAlive, launcher.pid());
        if (!launcher.isAlive()) {
            Files.readAllLines(log).forEach(line -> spec.commandLine().getErr().println(line));
            return launcher.exitValue();
        }
        return exit;
    }

    /**
     * Waits until the mesh is ready and tells what happens; then prints the addresses.
     *
     * @param launcher process id that must be the launcher's before the status file counts; 0 for our own
     */
    private int await(StateFolder state, java.util.function.BooleanSupplier alive, long launcher)
            throws IOException, InterruptedException {
        Instant begin = Instant.now();
        Instant deadline = begin.plusSeconds(timeout);
        Progress progress = new Progress();
        MeshStatus last = null;
        while (alive.getAsBoolean()) {
            boolean ours = launcher == 0
                    || PidFile.read(state.launcherPid())
                            .filter(process -> process.pid() == launcher)
                            .isPresent();
            if (ours && Files.exists(state.statusFile())) {
                last = MeshStatus.parse(Files.readString(state.statusFile()));
                progress.news(last).forEach(this::say);
                if (last.isReady()) {
                    say("ready after " + Duration.between(begin, Instant.now()).toSeconds() + " s");
                    last.urls()
                            .forEach((name, url) -> spec.commandLine().getOut().println(name + " " + url));
                    spec.commandLine().getOut().flush();
                    return ExitCode.DONE;
                }
            }
            if (Instant.now().isAfter(deadline)) {
                say("not ready within " + timeout + " s; logs are in " + state.logs());
                if (last != null) {
                    Progress.missing(last).forEach(this::say);
                }
                return ExitCode.NO;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        if (launcher == 0) {
            say("the supervisor has ended; see " + state.logs().resolve("supervisor.log"));
        }
        return ExitCode.NO;
    }

    private void say(String line) {
        spec.commandLine().getErr().println("flotilla: " + line);
        spec.commandLine().getErr().flush();
    }
}
