package io.flotilla.pilot;

import io.flotilla.discovery.server.XdsServer;
import io.flotilla.pilot.serve.Handover;
import io.flotilla.pilot.serve.OpenConnections;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Gives connections away, second by second, when replicas come, and all of them when this one goes. */
final class Rebalancing implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Rebalancing.class.getName());
    private static final Status ELSEWHERE =
            Status.UNAVAILABLE.withDescription("connections spread over the replicas: come back on a new one");
    private static final int SHARES = 10;

    private final OpenConnections connections;
    private final XdsServer server;
    private final IntSupplier replicas;
    private final double share;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rebalancing").factory());
    private Handover handover = Handover.START;
    private @Nullable Future<?> steps;

    /** @param share of the connections that goes when there are more replicas than before */
    Rebalancing(OpenConnections connections, XdsServer server, IntSupplier replicas, double share) {
        this.connections = connections;
        this.server = server;
        this.replicas = replicas;
        this.share = share;
    }

    Rebalancing start() {
        steps = timer.scheduleWithFixedDelay(this::step, 1, 1, TimeUnit.SECONDS);
        return this;
    }

    private void step() {
        try {
            int open = connections.count();
            int going = handover.gives(open);
            int before = handover.settled();
            handover = handover.step(replicas.getAsInt(), open, share);
            if (handover.settled() != before && handover.owed() > 0) {
                LOG.log(
                        Level.INFO,
                        "{0} replicas instead of {1}: {2} connections are asked to come back",
                        handover.settled(),
                        before,
                        handover.owed());
            }
            leave(going);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "connections could not be given away", e);
        }
    }

    void leave(int count) {
        if (count > 0) {
            Set<String> gone = connections.leave(count);
            server.end(stream -> gone.contains(stream.remote()), ELSEWHERE);
        }
    }

    /** Gives all away, a tenth at a time; at once where no other replica would take them. */
    void drain(long millis) throws InterruptedException {
        stop();
        if (replicas.getAsInt() < 2) {
            return;
        }
        int tenth = Math.max(1, (connections.count() + SHARES - 1) / SHARES);
        for (int i = 0; i < SHARES && connections.count() > 0; i++) {
            leave(tenth);
            TimeUnit.MILLISECONDS.sleep(millis / SHARES);
        }
    }

    private void stop() {
        if (steps != null) {
            steps.cancel(false);
        }
        timer.shutdownNow();
    }

    @Override
    public void close() {
        stop();
    }
}
