package io.flotilla.cli;

import io.flotilla.mesh.machine.MachineHealth;
import io.flotilla.mesh.machine.MachineProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "probe",
        description = "Runs on a machine: asks its application how it is, as the probe of the WorkloadGroup (or"
                + " MeshConfig's readinessProbe) says, and tells the mesh, which sends requests to healthy machines"
                + " alone. When it ends, the machine counts as unhealthy.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla vm probe billing-10-9-0-7 -n shop", "  flotilla vm probe billing-10-9-0-7 -n shop --once"
        })
final class VmProbeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ENTRY", description = "The machine's WorkloadEntry.")
    private String entry;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Its namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = "--group",
            defaultValue = "",
            paramLabel = "GROUP",
            description = "Its WorkloadGroup, where the annotation istio.io/autoRegistrationGroup does not name it.")
    private String group;

    @Option(
            names = {"-i", "--istioNamespace"},
            defaultValue = "istio-system",
            description = "The mesh's namespace (default: ${DEFAULT-VALUE}).")
    private String meshNamespace;

    @Option(names = "--once", description = "Ask once and tell nobody: exit 0 if it is healthy, 1 if not.")
    private boolean once;

    @Mixin
    private PlaceOption where;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MachineEntry machine = new MachineEntry(where.place(), namespace, entry);
        MachineProbe probe = new MachineProbe(machine.probe(group, meshNamespace));
        if (once) {
            Optional<String> problem = probe.ask();
            say(problem.map(reason -> "unhealthy: " + reason).orElse("healthy"));
            return problem.isPresent() ? ExitCode.NO : ExitCode.DONE;
        }
        CountDownLatch ending = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            ending.countDown();
            await(ended, Duration.ofSeconds(10));
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            follow(machine, probe, ending);
        } finally {
            ended.countDown();
        }
        return ExitCode.DONE;
    }

    /** Asks until the end, and tells what changes. */
    void follow(MachineEntry machine, MachineProbe probe, CountDownLatch ending) {
        MachineHealth health = MachineHealth.UNKNOWN;
        Optional<Boolean> told = Optional.empty();
        try {
            boolean over = await(ending, probe.delay());
            while (!over) {
                Optional<String> problem = probe.ask();
                health = health.after(problem.isEmpty(), probe.probe());
                if (!health.healthy().equals(told)
                        && tell(machine, health.healthy().orElseThrow(), problem)) {
                    told = health.healthy();
                }
                over = await(ending, probe.period());
            }
        } finally {
            if (told.orElse(false)) {
                tell(machine, false, Optional.of("nobody asks it any more"));
            }
        }
    }

    // A place that cannot be reached now is told at the next question.
    private boolean tell(MachineEntry machine, boolean healthy, Optional<String> problem) {
        try {
            machine.tell(healthy);
            say(healthy ? "healthy" : "unhealthy: " + problem.orElse(""));
            return true;
        } catch (CommandFailure | IOException e) {
            spec.commandLine().getErr().println("cannot be told: " + e.getMessage());
            return false;
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    private static boolean await(CountDownLatch latch, Duration time) {
        try {
            return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
