package io.flotilla.mesh;

import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.mesh.component.Components;
import io.flotilla.mesh.component.ControlPlane;
import io.flotilla.mesh.component.GatewayImage;
import io.flotilla.mesh.component.PlatformObjects;
import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.pod.DesiredPods;
import io.flotilla.mesh.pod.Images;
import io.flotilla.mesh.pod.Kubelet;
import io.flotilla.mesh.pod.PodHost;
import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.relay.MeshRelay;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.StatusWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs a local mesh from within its namespaces until its launcher goes or it is told to stop. */
public final class Supervisor {
    private static final long TICK_MILLIS = 250;

    private final StateFolder state;
    private final MeshSpec spec;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore work = new Semaphore(0);

    public Supervisor(StateFolder state) {
        this.state = state;
        this.spec = MeshSpec.readFrom(state);
    }

    /** Returns when everything has ended. */
    @SuppressWarnings("try") // the relay works by itself for as long as it is open
    public void run() throws IOException, InterruptedException {
        PidFile.writeSelf(state.supervisorPid());
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait));
        Thread.ofPlatform().daemon().name("launcher").start(this::awaitLauncher);
        Map<String, String> environment = Environment.of(state, System.getenv(), Map.of("JAVA_HOME", spec.javaHome()));
        Credentials credentials = Credentials.open(state);
        PodHost host = new PodHost(state, spec, images(), environment, credentials);
        Components components = new Components(state, spec, environment);
        Kubelet kubelet = new Kubelet(host, work::release);
        ControlPlane controlPlane = new ControlPlane(state, spec, components, credentials, work::release);
        StatusWriter status = new StatusWriter(state, spec, controlPlane, kubelet);
        Desires desires = new Desires(state, PlatformObjects.of(state, spec, components));
        try (MeshRelay relay = MeshRelay.start(state.relaySocket(), new Targets(spec, components, kubelet)::of)) {
            Thread.ofVirtual().name("control-plane").start(() -> controlPlane.start(environment));
            Thread.ofVirtual().name("status").start(() -> status.run(stopping));
            while (stopping.getCount() > 0) {
                DesiredPods desired = desires.refresh();
                kubelet.reconcile(desired);
                status.expect(desired);
                if (work.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            }
            kubelet.close();
            controlPlane.close();
        } finally {
            status.stopped();
            stopped.countDown();
        }
    }

    /** The launcher holds the other end of our input for as long as it lives. */
    private void awaitLauncher() {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("launcher: " + e.getMessage());
        }
        stop();
    }

    private void stop() {
        stopping.countDown();
        work.release();
    }

    private void stopAndWait() {
        stop();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Images images() throws IOException {
        Path file = state.root().resolve("images.yaml");
        Images images = GatewayImage.images(spec.homePath());
        if (Files.exists(file)) {
            for (Object document : PlainYaml.readAll(Files.readString(file))) {
                if (document instanceof Map<?, ?> map) {
                    images = images.or(Images.read(map));
                }
            }
        }
        return images;
    }
}
