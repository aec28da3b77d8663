package io.flotilla.mesh.component;

import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.pod.LocalPod;
import io.flotilla.mesh.pod.LocalVolume;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The control plane of a local mesh: Kafka and Citadel first, the others once there is a root certificate. */
public final class ControlPlane {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration HEALTH = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final LocalVolume.Token TOKEN =
            new LocalVolume.Token("istio-token", "istio-ca", Duration.ofHours(12));

    private final StateFolder state;
    private final MeshSpec spec;
    private final Components components;
    private final Credentials credentials;
    private final Runnable changed;
    private final Map<String, ComponentRun> runs = new ConcurrentSkipListMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    public ControlPlane(
            StateFolder state, MeshSpec spec, Components components, Credentials credentials, Runnable changed) {
        this.state = state;
        this.spec = spec;
        this.components = components;
        this.credentials = credentials;
        this.changed = changed;
    }

    /** Starts all of it, and keeps looking after it until it is closed. */
    public void start(Map<String, String> environment) {
        try {
            Instant renewal = writeTokens();
            if (spec.ownKafka()) {
                ProcessSpec kafka = KafkaBroker.prepare(state, spec, environment, components.archives());
                int port = spec.innerPort(MeshPort.KAFKA);
                run(kafka, () -> Http.accepts("127.0.0.1", port) ? "" : "nobody listens on port " + port);
            }
            start(ControlService.CITADEL);
            while (credentials.root().isEmpty()) {
                if (closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                refresh();
            }
            for (ControlService service : ControlService.values()) {
                if (service != ControlService.CITADEL) {
                    start(service);
                }
            }
            while (!closing.await(HEALTH.toMillis(), TimeUnit.MILLISECONDS)) {
                refresh();
                if (Instant.now().isAfter(renewal)) {
                    renewal = writeTokens();
                }
            }
        } catch (IOException e) {
            System.err.println("control plane: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(ControlService service) {
        int port = spec.innerPort(service.management());
        run(components.of(service), () -> Readiness.missing(port));
    }

    private void run(ProcessSpec process, Supplier<String> missing) {
        synchronized (runs) {
            if (closing.getCount() > 0) {
                runs.put(process.name(), ComponentRun.start(process, missing, changed));
            }
        }
    }

    private void refresh() {
        boolean different = false;
        for (ComponentRun run : runs.values()) {
            different |= run.refresh();
        }
        if (different) {
            changed.run();
        }
    }

    private Instant writeTokens() throws IOException {
        for (ControlService service : ControlService.values()) {
            LocalPod.Identity identity = new LocalPod.Identity(
                    ControlService.NAMESPACE,
                    "istio-" + service.module() + "-0",
                    "",
                    components.address(service),
                    service.serviceAccount());
            java.nio.file.Path token = Components.token(state, service);
            java.nio.file.Files.createDirectories(token.getParent());
            credentials.writeToken(token, identity, TOKEN, 0);
        }
        return Instant.now().plus(Credentials.renewal(TOKEN));
    }

    /** What runs, by name. */
    public List<ComponentRun> runs() {
        return new ArrayList<>(runs.values());
    }

    /** How many components there will be when all have been started. */
    public int expected() {
        return ControlService.values().length + (spec.ownKafka() ? 1 : 0);
    }

    public void close() throws InterruptedException {
        close(GRACE);
    }

    /** Ends all, and by force what has not ended after the grace. */
    public void close(Duration grace) throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        synchronized (runs) {
            closing.countDown();
            runs.values().forEach(run -> stops.add(Thread.ofVirtual().start(() -> run.stop(grace))));
        }
        for (Thread stop : stops) {
            stop.join();
        }
    }
}
