package io.flotilla.gateway.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one Envoy running. An Envoy that a gateway process before us left is adopted if it runs with the same bootstrap,
 * so that a killed gateway process interrupts nobody; one with another bootstrap is replaced.
 */
public final class EnvoySupervisor {
    private static final Logger LOG = Logger.getLogger("gateway");
    private static final long POLL_MILLIS = 100;

    private final EnvoyCommand command;
    private final RestartPolicy policy;
    private final RandomGenerator random;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicInteger restarts = new AtomicInteger();
    private final Thread thread;
    private volatile @Nullable EnvoyProcess current;
    private volatile boolean adopted;

    private EnvoySupervisor(EnvoyCommand command, RestartPolicy policy, RandomGenerator random) {
        this.command = command;
        this.policy = policy;
        this.random = random;
        this.thread = Thread.ofPlatform().name("envoy").unstarted(this::run);
    }

    /** Writes the bootstrap, then starts or adopts an Envoy; returns at once. */
    public static EnvoySupervisor start(
            EnvoyCommand command, String bootstrap, RestartPolicy policy, RandomGenerator random) throws IOException {
        EnvoySupervisor supervisor = new EnvoySupervisor(command, policy, random);
        supervisor.prepare(bootstrap);
        supervisor.thread.start();
        return supervisor;
    }

    private void prepare(String bootstrap) throws IOException {
        boolean same = bootstrap.equals(written());
        Optional<EnvoyProcess> left = EnvoyProcess.adopt(command);
        if (left.isPresent() && same) {
            current = left.get();
            adopted = true;
            LOG.infof("adopted %s", left.get());
            return;
        }
        left.ifPresent(process -> {
            LOG.infof("%s runs with another bootstrap and is replaced", process);
            end(process, Duration.ofSeconds(5));
        });
        if (!same) {
            var fresh = command.bootstrap().resolveSibling("envoy-rev0.json.new");
            Files.writeString(fresh, bootstrap);
            Files.move(fresh, command.bootstrap(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private String written() throws IOException {
        try {
            return Files.readString(command.bootstrap());
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private void run() {
        int failures = 0;
        while (!stopped(Duration.ZERO)) {
            long begin = System.nanoTime();
            String end = runOnce();
            if (stopped(Duration.ZERO)) {
                return;
            }
            current = null;
            adopted = false;
            failures = policy.failures(failures, Duration.ofNanos(System.nanoTime() - begin));
            Duration delay = policy.delay(failures, random);
            restarts.incrementAndGet();
            LOG.warnf("Envoy ended (%s), starts again in %d ms; its log is %s", end, delay.toMillis(), command.log());
            stopped(delay);
        }
    }

    /** Starts an Envoy unless one runs, and waits until it ends or we are to stop; how it ended. */
    private String runOnce() {
        EnvoyProcess process = current;
        if (process == null) {
            try {
                process = EnvoyProcess.start(command);
            } catch (IOException e) {
                return "it could not be started: " + e.getMessage();
            }
            current = process;
            LOG.infof("started %s", process);
        }
        while (process.alive()) {
            if (stopped(Duration.ofMillis(POLL_MILLIS))) {
                return "told to stop";
            }
        }
        return process + " is gone";
    }

    private boolean stopped(Duration wait) {
        try {
            return stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** The Envoy that runs now. */
    public Optional<EnvoyProcess> process() {
        return Optional.ofNullable(current).filter(EnvoyProcess::alive);
    }

    /** Whether the Envoy that runs now was started by a gateway process before us. */
    public boolean adopted() {
        return adopted;
    }

    /** How often it ended and was started again. */
    public int restarts() {
        return restarts.get();
    }

    /** Ends the supervision and the Envoy: SIGTERM, and SIGKILL where that does not help in time. */
    public void stop(Duration atMost) {
        stopping.countDown();
        join();
        EnvoyProcess process = current;
        if (process != null) {
            end(process, atMost);
            LOG.infof("stopped %s", process);
        }
        try {
            Files.deleteIfExists(command.pidFile());
        } catch (IOException e) {
            LOG.warnf("the pid file stays: %s", e.getMessage());
        }
    }

    /** Ends the supervision alone: the Envoy goes on. */
    public void abandon() {
        stopping.countDown();
        join();
    }

    private void join() {
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(EnvoyProcess process, Duration atMost) {
        process.terminate();
        if (!awaitEnd(process, atMost)) {
            process.kill();
            awaitEnd(process, Duration.ofSeconds(2));
        }
    }

    private static boolean awaitEnd(EnvoyProcess process, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (process.alive()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
