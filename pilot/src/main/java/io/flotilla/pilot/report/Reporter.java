package io.flotilla.pilot.report;

import io.flotilla.api.status.v1.DistributionReply;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.service.Backoff;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells Galley where the proxies stand: at most twice a second, only what is new, one report at a time. A Galley that
 * does not write status ends the call, and the next connection may reach the one that does. Everything runs on the
 * reporter's own thread.
 */
public final class Reporter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reporter.class.getName());
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Backoff WAITS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20));

    private final Supplier<ManagedChannel> channels;
    private final Supplier<DistributionReport> reports;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("reports").factory());
    private @Nullable Call call;
    private int failures;

    /**
     * @param channels to Galley; each is closed with its call
     * @param reports  the report of the moment
     */
    public Reporter(Supplier<ManagedChannel> channels, Supplier<DistributionReport> reports) {
        this.channels = channels;
        this.reports = reports;
    }

    public void start() {
        execute(this::connect);
        Future<?> unused = timer.scheduleWithFixedDelay(
                () -> guarded(this::tell), PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private final class Call implements StreamObserver<DistributionReply> {
        private final ManagedChannel channel;
        private final StreamObserver<DistributionReport> requests;
        private @Nullable DistributionReport told;
        private boolean answered = true;

        Call(ManagedChannel channel) {
            this.channel = channel;
            this.requests = DistributionStatusGrpc.newStub(channel).report(this);
        }

        void tell(DistributionReport report) {
            if (answered && !report.equals(told)) {
                told = report;
                answered = false;
                requests.onNext(report);
            }
        }

        @Override
        public void onNext(DistributionReply reply) {
            execute(() -> {
                answered = true;
                failures = 0;
            });
        }

        @Override
        public void onError(Throwable error) {
            execute(() -> over(Status.fromThrowable(error)));
        }

        @Override
        public void onCompleted() {
            execute(() -> over(Status.OK));
        }

        private void over(Status status) {
            channel.shutdownNow();
            if (call == this) {
                call = null;
                LOG.log(Level.DEBUG, "reports to Galley end: {0}", status);
                again();
            }
        }
    }

    private void execute(Runnable task) {
        if (!timer.isShutdown()) {
            timer.execute(() -> guarded(task));
        }
    }

    private void connect() {
        try {
            call = new Call(channels.get());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no way to Galley for reports", e);
            again();
        }
    }

    private void again() {
        failures++;
        Future<?> unused = timer.schedule(
                () -> guarded(this::connect),
                WAITS.after(failures, ThreadLocalRandom.current()).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void tell() {
        Call now = call;
        if (now != null) {
            now.tell(reports.get());
        }
    }

    // A timer forgets a task that failed once.
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no report to Galley", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        Call now = call;
        if (now != null) {
            now.channel.shutdownNow();
        }
    }
}
