package io.flotilla.mesh.component;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.relay.HostRelay;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Once after a build: the control plane is run for a moment by itself, on loopback, so that its services leave the
 * archives of classes with which they start from then on.
 */
public final class QuickStart {
    private static final Duration READY = Duration.ofMinutes(2);
    /** To write an archive takes seconds of a processor, and all services do it at once. */
    private static final Duration WRITTEN = Duration.ofMinutes(2);

    private static final String NAME = "classes";

    private QuickStart() {}

    /**
     * Makes what is missing; a failure leaves services that start more slowly.
     *
     * @param mesh in whose folder it works, and whose end is the end of what was left here by force
     * @param say  told what takes time
     */
    public static void prepare(StateFolder mesh, Path home, Map<String, String> caller, Consumer<String> say)
            throws InterruptedException {
        List<ClassArchive> archives = Arrays.stream(ControlService.values())
                .map(service -> ClassArchive.of(home, service.module()))
                .toList();
        if (archives.stream().allMatch(ClassArchive::isCurrent)
                || !archives.stream().allMatch(ClassArchive::isWritable)) {
            return;
        }
        say.accept("a new build: its services are run once, to start twice as fast from now on");
        try {
            StateFolder state = new StateFolder(mesh.root().resolve(NAME));
            try {
                run(state, home, Environment.of(mesh, caller, Map.of("JAVA_HOME", System.getProperty("java.home"))));
                for (ClassArchive archive : archives) {
                    if (!archive.keep()) {
                        say.accept(archive.jar().getParent() + ": no archive of classes was left; it starts as before");
                    }
                }
            } finally {
                state.delete();
            }
        } catch (IOException e) {
            say.accept("services start as slowly as before: " + e.getMessage());
        }
    }

    private static void run(StateFolder state, Path home, Map<String, String> environment)
            throws IOException, InterruptedException {
        state.create();
        MeshSpec spec = new MeshSpec(
                NAME,
                home.toString(),
                System.getProperty("java.home"),
                "",
                Isolation.NONE,
                freePorts(state),
                "strict",
                "",
                Map.of());
        Components components = new Components(state, spec, environment, ClassArchive::write);
        Semaphore changes = new Semaphore(0);
        ControlPlane plane = new ControlPlane(state, spec, components, Credentials.open(state), changes::release);
        Thread start = Thread.ofVirtual().start(() -> plane.start(environment));
        Thread end = new Thread(() -> close(plane, Duration.ZERO));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            long deadline = System.nanoTime() + READY.toNanos();
            while (!ready(plane) && System.nanoTime() < deadline) {
                changes.tryAcquire(1, TimeUnit.SECONDS);
            }
        } finally {
            close(plane, WRITTEN);
            start.join();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    private static boolean ready(ControlPlane plane) {
        List<ComponentRun> runs = plane.runs();
        return runs.size() == plane.expected() && runs.stream().allMatch(ComponentRun::ready);
    }

    private static void close(ControlPlane plane, Duration grace) {
        try {
            plane.close(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Integer> freePorts(StateFolder state) throws IOException {
        Map<MeshPort, Integer> any = new EnumMap<>(MeshPort.class);
        for (MeshPort port : MeshPort.values()) {
            any.put(port, 0);
        }
        try (HostRelay relay = HostRelay.bind(state.relaySocket(), any);
                ServerSocket controller = new ServerSocket(0)) {
            Map<String, Integer> ports = new TreeMap<>(relay.ports());
            ports.put(KafkaBroker.CONTROLLER_PORT, controller.getLocalPort());
            return ports;
        }
    }
}
