package io.flotilla.mesh.pod;

import io.flotilla.mesh.isolation.Rights;
import io.flotilla.mesh.isolation.Sandbox;
import io.flotilla.mesh.process.Backoff;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.process.ProcessState;
import io.flotilla.mesh.process.Supervised;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one pod from its namespaces to its end: init containers, sidecars, applications, probes. */
public final class PodRun {
    private static final Duration TICK = Duration.ofMillis(100);
    /** Between two questions whether a sidecar has started. */
    private static final Duration STARTUP = Duration.ofMillis(250);

    private static final Duration SIDECAR_GRACE = Duration.ofSeconds(5);
    private static final Duration FORCED_GRACE = Duration.ofMillis(500);

    private final LocalPod pod;
    private final String refusal;
    private final Runnable changed;
    private final ContainerCommand commands;
    private final PodVolumes volumes;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Map<String, Supervised> running = new TreeMap<>();
    private volatile @Nullable Sandbox sandbox;
    private volatile String phase = "Pending";
    private volatile String lastError = "";
    // Of a probe, as long as it fails.
    private volatile String failure = "";
    private volatile boolean ready;
    private volatile boolean hurried;

    private PodRun(PodHost host, LocalPod pod, String refusal, Runnable changed) {
        this.pod = pod;
        this.refusal = refusal;
        this.changed = changed;
        this.commands = new ContainerCommand(host, pod);
        this.volumes = new PodVolumes(host, pod);
    }

    /**
     * Starts a pod; {@code changed} is called when {@link #state} is another.
     *
     * @param refusal why it must not run; empty if it may
     */
    public static PodRun start(PodHost host, LocalPod pod, String refusal, Runnable changed) {
        PodRun run = new PodRun(host, pod, refusal, changed);
        Thread.ofVirtual().name("pod-" + pod.identity().name()).start(run::live);
        return run;
    }

    public LocalPod pod() {
        return pod;
    }

    public boolean gone() {
        return gone.getCount() == 0;
    }

    public PodState state() {
        Map<String, Long> processes = new TreeMap<>();
        int restarts = 0;
        // What is wrong now says more than what was before.
        String error = failure.isEmpty() ? lastError : failure;
        synchronized (running) {
            for (Map.Entry<String, Supervised> each : running.entrySet()) {
                if (each.getValue().pid() > 0) {
                    processes.put(each.getKey(), each.getValue().pid());
                }
                restarts += each.getValue().restarts();
                error = error.isEmpty() ? each.getValue().lastError() : error;
            }
        }
        volumes.adoptedProxy().ifPresent(proxy -> processes.put(LocalPod.PROXY, proxy.pid()));
        Sandbox place = sandbox;
        return new PodState(
                phase, ready, ending.getCount() == 0, processes, place == null ? 0 : place.pid(), restarts, error);
    }

    /** Begins the end: from now on the pod is terminating, and gone in a while. */
    public void end() {
        ending.countDown();
    }

    /** Ends without regard for those who still call. */
    public void endNow() {
        hurried = true;
        ending.countDown();
    }

    public void awaitGone() throws InterruptedException {
        gone.await();
    }

    private void live() {
        try {
            if (prepare() && startSidecars() && startApplications()) {
                watch();
            }
            ending.await();
            become("Terminating");
            leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Sandbox place = sandbox;
            if (place != null) {
                place.close();
            }
            volumes.delete();
            gone.countDown();
            changed.run();
        }
    }

    /** Namespaces and init containers, tried again until they succeed; false if the pod's end came first. */
    private boolean prepare() throws InterruptedException {
        String obstacle = refusal.isEmpty() ? commands.obstacle() : refusal;
        if (!obstacle.isEmpty()) {
            lastError = obstacle;
            become(refusal.isEmpty() ? "ImagePullBackOff" : "Refused");
            return false;
        }
        Backoff backoff = Backoff.FRESH;
        while (ending.getCount() > 0) {
            Instant started = Instant.now();
            try {
                become("Init");
                sandbox = volumes.sandbox(commands.log("sandbox"));
                for (LocalContainer init : pod.inits()) {
                    runToEnd(init);
                }
                lastError = "";
                return true;
            } catch (IOException e) {
                Sandbox failed = sandbox;
                if (failed != null) {
                    failed.close();
                    sandbox = null;
                }
                lastError = String.valueOf(e.getMessage());
                become("Init:Error");
            }
            backoff = backoff.after(Duration.between(started, Instant.now()));
            if (ending.await(backoff.delay().toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private Sandbox place() {
        Sandbox place = sandbox;
        if (place == null) {
            throw new IllegalStateException("the pod has no place to run yet");
        }
        return place;
    }

    private void runToEnd(LocalContainer init) throws IOException, InterruptedException {
        ProcessSpec spec = commands.of(init, Rights.NETWORK_ADMIN, place());
        int exit = Supervised.launch(spec).waitFor();
        if (exit != 0) {
            throw new IOException("init container " + init.name() + " exited with " + exit + "; see " + spec.log());
        }
    }

    private boolean startSidecars() throws InterruptedException {
        become("Starting");
        if (!volumes.awaitRoot(ending)) {
            return false;
        }
        for (LocalContainer sidecar : pod.sidecars()) {
            start(sidecar, Rights.PROXY);
            if (!awaitStarted(sidecar)) {
                return false;
            }
        }
        return true;
    }

    private boolean startApplications() {
        for (LocalContainer app : pod.apps()) {
            start(app, app.name().equals(LocalPod.PROXY) ? Rights.PROXY : Rights.APPLICATION);
        }
        become("Running");
        return true;
    }

    private void start(LocalContainer container, Rights rights) {
        ProcessSpec process = commands.of(container, rights, place());
        if (rights == Rights.PROXY) {
            volumes.give(process.log());
        }
        synchronized (running) {
            running.put(container.name(), Supervised.start(process, changed));
        }
    }

    private boolean awaitStarted(LocalContainer sidecar) throws InterruptedException {
        PodProbe probe = sidecar.probes()
                .startup()
                .or(() -> sidecar.probes().readiness())
                .orElse(null);
        while (probe != null && !started(sidecar, probe)) {
            volumes.renew();
            if (ending.await(STARTUP.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private boolean started(LocalContainer sidecar, PodProbe probe) {
        String why = failure(sidecar, probe);
        failure = why.isEmpty() ? "" : sidecar.name() + " is not ready: " + why;
        return why.isEmpty();
    }

    private String failure(LocalContainer container, PodProbe probe) {
        return ProbeRun.failure(
                probe,
                pod.identity().address(),
                command -> place().command(Rights.APPLICATION, container.user(), command));
    }

    private void watch() throws InterruptedException {
        List<Health> health = new ArrayList<>();
        java.util.stream.Stream.concat(pod.sidecars().stream(), pod.apps().stream())
                .forEach(container -> health.add(new Health(container)));
        while (!ending.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            boolean all = true;
            String failing = "";
            for (Health each : health) {
                Supervised process = process(each.container());
                if (process.state() != ProcessState.RUNNING && !each.container().supervisesProxy()) {
                    each.reset(Instant.now());
                    all = false;
                    continue;
                }
                each.tick(Instant.now(), probe -> failure(each.container(), probe));
                if (each.dead()) {
                    lastError = each.container().name() + ": liveness probe failed";
                    process.restart();
                    each.reset(Instant.now());
                }
                all &= each.ready();
                failing = failing.isEmpty() ? each.failure() : failing;
            }
            failure = failing;
            volumes.renew();
            if (ready != all) {
                ready = all;
                changed.run();
            }
        }
        ready = false;
    }

    private Supervised process(LocalContainer container) {
        synchronized (running) {
            Supervised process = running.get(container.name());
            if (process == null) {
                throw new IllegalStateException("container " + container.name() + " was not started");
            }
            return process;
        }
    }

    /** Peers first learn that the pod goes; then the applications end, then the proxy. */
    private void leave() throws InterruptedException {
        Duration quiet = java.util.stream.Stream.concat(pod.sidecars().stream(), pod.apps().stream())
                .map(LocalContainer::preStop)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Instant end = Instant.now().plus(quiet);
        while (!hurried && Instant.now().isBefore(end)) {
            volumes.renew();
            TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
        }
        stop(pod.apps(), hurried ? FORCED_GRACE : pod.grace());
        stop(pod.sidecars().reversed(), hurried ? FORCED_GRACE : SIDECAR_GRACE);
        volumes.adoptedProxy().ifPresent(ProcessHandle::destroyForcibly);
    }

    private void stop(List<LocalContainer> containers, Duration grace) throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        for (LocalContainer container : containers) {
            Supervised process;
            synchronized (running) {
                process = running.get(container.name());
            }
            if (process != null) {
                stops.add(Thread.ofVirtual().start(() -> process.stop(grace)));
            }
        }
        for (Thread stop : stops) {
            stop.join();
        }
    }

    private void become(String next) {
        phase = next;
        changed.run();
    }
}
