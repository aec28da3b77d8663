package io.flotilla.mesh;

import io.flotilla.mesh.component.ClassArchive;
import io.flotilla.mesh.component.ComponentRun;
import io.flotilla.mesh.component.Components;
import io.flotilla.mesh.component.ControlPlane;
import io.flotilla.mesh.component.GatewayImage;
import io.flotilla.mesh.component.KafkaBroker;
import io.flotilla.mesh.component.PlatformObjects;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.pod.DesiredPods;
import io.flotilla.mesh.pod.Kubelet;
import io.flotilla.mesh.pod.PodHost;
import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.relay.HostRelay;
import io.flotilla.mesh.relay.Patience;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StartConfig;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.StatusWriter;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A mesh on loopback whose pods are made but not run, so that its programs load the classes that a start takes. They
 * and the supervisor that does this leave archives of them when they end.
 */
public final class Rehearsal {
    private static final Duration READY = Duration.ofMinutes(2);
    /** To write an archive takes seconds of a processor, and all programs do it at once. */
    private static final Duration WRITTEN = Duration.ofMinutes(2);

    private final StateFolder state;
    private final MeshSpec spec;
    private final Map<String, String> environment;
    private final ControlPlane plane;
    private final Semaphore changes = new Semaphore(0);

    /**
     * A rehearsal.
     *
     * @param state an empty folder
     * @param home  of the installation
     */
    public Rehearsal(StateFolder state, Path home) throws IOException, InterruptedException {
        this.state = state;
        this.spec = new MeshSpec(
                "classes",
                home.toString(),
                System.getProperty("java.home"),
                "",
                Isolation.NONE,
                freePorts(state),
                "strict",
                "",
                Map.of());
        // The mark of the mesh for which this is done stays.
        this.environment = Environment.of(state, System.getenv(), System.getenv());
        this.plane = new ControlPlane(
                state,
                spec,
                new Components(state, spec, environment, ClassArchive::write),
                Credentials.open(state),
                changes::release);
    }

    /** Returns when all have ended; tells which programs left nothing. */
    public void run() throws IOException, InterruptedException {
        Thread end = new Thread(() -> close(Duration.ZERO));
        Runtime.getRuntime().addShutdownHook(end);
        Thread start = Thread.ofVirtual().start(() -> plane.start(environment));
        ComponentRun gateway = GatewayImage.rehearse(state, spec, environment, changes::release);
        try {
            makePods();
            long deadline = System.nanoTime() + READY.toNanos();
            while (!(ready() && isUp(gateway)) && System.nanoTime() < deadline) {
                changes.tryAcquire(500, TimeUnit.MILLISECONDS);
            }
        } finally {
            Thread gatewayEnd = Thread.ofVirtual().start(() -> gateway.stop(WRITTEN));
            close(WRITTEN);
            gatewayEnd.join();
            start.join();
            Runtime.getRuntime().removeShutdownHook(end);
        }
        for (ClassArchive archive : ClassArchive.ofPrograms(spec.homePath())) {
            if (!archive.keep()) {
                System.err.println(archive.jar() + ": no " + archive.name() + " was left; it starts as before");
            }
        }
    }

    private void makePods() throws IOException, InterruptedException {
        Path samples = spec.homePath().resolve("samples");
        StartConfig.copy(List.of(samples.resolve("bookinfo")), new ConfigFolder(state.config()), false);
        PodHost host =
                new PodHost(state, spec, GatewayImage.images(spec.homePath()), environment, Credentials.open(state));
        Kubelet kubelet = new Kubelet(host, changes::release);
        DesiredPods desired =
                new Desires(state, PlatformObjects.of(state, spec, new Components(state, spec, environment))).refresh();
        kubelet.rehearse(desired);
        StatusWriter status = new StatusWriter(state, spec, plane, kubelet);
        status.expect(desired);
        CountDownLatch once = new CountDownLatch(1);
        once.countDown();
        status.run(once);
    }

    private boolean ready() {
        List<ComponentRun> runs = plane.runs();
        return runs.size() == plane.expected() && runs.stream().allMatch(ComponentRun::ready);
    }

    private static boolean isUp(ComponentRun gateway) {
        gateway.refresh();
        return gateway.ready();
    }

    private void close(Duration grace) {
        try {
            plane.close(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Integer> freePorts(StateFolder state) throws IOException, InterruptedException {
        Map<MeshPort, Integer> any = new EnumMap<>(MeshPort.class);
        for (MeshPort port : MeshPort.values()) {
            any.put(port, 0);
        }
        try (HostRelay relay = HostRelay.bind(state.relaySocket(), any, Patience.none());
                ServerSocket controller = new ServerSocket(0)) {
            Map<String, Integer> ports = new TreeMap<>(relay.ports());
            ports.put(KafkaBroker.CONTROLLER_PORT, controller.getLocalPort());
            return ports;
        }
    }
}
