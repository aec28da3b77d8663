package io.flotilla.discovery.server;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Peer;
import io.flotilla.discovery.SerialExecutor;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.discovery.wire.FrameMarshaller;
import io.flotilla.discovery.wire.ResponseFrame;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call: takes the next request when the last is done, writes when the transport is ready. Everything but
 * {@link #status} and the offering of views runs one after another on the stream's own queue.
 */
final class StreamCall<Q> extends ServerCall.Listener<Q> {
    private static final long PATIENCE_MILLIS = 1_000;
    private static final long FIRST_REQUEST_MILLIS = 10_000;

    /** Of the places to wait, one owner has a twentieth, but so many at least. */
    private static final int FEW = 100;

    private static final int FEW_SHARE = 20;

    private final ServerCall<Q, ResponseFrame> call;
    private final XdsServer server;
    private final Dialect<Q> dialect;
    private final Peer peer;
    private final SerialExecutor queue;
    // Where a turn is taken that only tells what is there.
    private final Executor connection;
    private final AtomicReference<@Nullable View> offered = new AtomicReference<>();
    private final AtomicBoolean pumping = new AtomicBoolean();

    private volatile @Nullable Open open;
    // A place among the streams whose first push is being made.
    private final InFlight.Share admission;
    private InFlight.Share share;
    private @Nullable ScheduledFuture<?> wake;
    private @Nullable ScheduledFuture<?> stuck;
    private @Nullable ScheduledFuture<?> placeOverdue;
    private @Nullable ScheduledFuture<?> overdue;
    private @Nullable ScheduledFuture<?> unproven;
    // What waits for room among what all streams have in flight.
    private @Nullable ResponseFrame held;
    private boolean ended;

    /** What is there from the first request on. */
    private record Open(StreamInfo info, Instant since, StreamState state, DiscoverySource.Session session) {}

    StreamCall(
            ServerCall<Q, ResponseFrame> call,
            Metadata headers,
            XdsServer server,
            Dialect<Q> dialect,
            Executor connection) {
        this.call = call;
        this.server = server;
        this.dialect = dialect;
        this.connection = connection;
        peer = Peer.of(call.getAttributes(), headers);
        queue = new SerialExecutor(server.executor());
        share = server.inFlight().share(peer.source());
        admission = server.admissions().share(peer.source());
    }

    void start() {
        server.opened(this);
        call.sendHeaders(new Metadata());
        queue.execute(() -> guarded(this::admit));
    }

    /** Null before the first request. */
    @Nullable
    StreamStatus status() {
        Open now = open;
        if (now == null) {
            return null;
        }
        synchronized (now.state) {
            return new StreamStatus(
                    now.info, now.since, now.state.status(), offered.get() == null && now.state.settled());
        }
    }

    /** Ends the stream from this side. */
    void end(Status status) {
        queue.execute(() -> close(status));
    }

    @Override
    public void onMessage(Q request) {
        Runnable taking = () -> guarded(() -> take(request));
        Open now = open;
        // Most requests say little, and handing one to another thread would be most of what it costs.
        if (now != null && now.session.prompt() && dialect.brief(request)) {
            queue.executeHere(taking);
        } else {
            queue.execute(taking);
        }
    }

    @Override
    public void onReady() {
        pumpSoon();
    }

    @Override
    public void onHalfClose() {
        if (!dialect.once()) {
            end(Status.OK);
        }
    }

    @Override
    public void onCancel() {
        queue.execute(this::release);
    }

    @Override
    public void onComplete() {
        queue.execute(this::release);
    }

    // A stream waits for its turn before its first request is read: who waits holds no more than a stream.
    private void admit() throws DiscoveryRefused {
        if (ended) {
            return;
        }
        int most = server.limits().waiting();
        if (server.admissions().waiting() >= most || admission.waitingBeside() >= Math.max(FEW, most / FEW_SHARE)) {
            throw new DiscoveryRefused(Status.RESOURCE_EXHAUSTED.withDescription(
                    server.admissions().waiting() + " streams wait for their first push already: try again"));
        }
        if (admission.take(1, () -> queue.execute(this::admitted))) {
            admitted();
        }
    }

    private void admitted() {
        if (ended) {
            return;
        }
        placeOverdue = server.timer()
                .schedule(
                        () -> end(Status.DEADLINE_EXCEEDED.withDescription(
                                "no request within " + FIRST_REQUEST_MILLIS / 1_000 + " s of the stream's turn")),
                        FIRST_REQUEST_MILLIS,
                        TimeUnit.MILLISECONDS);
        call.request(1);
    }

    private void take(Q request) throws DiscoveryRefused {
        if (ended) {
            return;
        }
        Open now = open;
        if (now == null) {
            if (placeOverdue != null) {
                placeOverdue.cancel(false);
            }
            now = open(dialect.node(request), dialect.terms(request));
            open = now;
            // A client that neither reads nor asks keeps nobody waiting.
            placeOverdue = server.timer().schedule(admission::release, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        Ask ask = dialect.ask(request);
        if (ask.typeUrl().isEmpty()) {
            throw new DiscoveryRefused(Status.INVALID_ARGUMENT.withDescription("request without a type URL"));
        }
        if (!dialect.known().test(ask.typeUrl())) {
            throw new DiscoveryRefused(
                    Status.INVALID_ARGUMENT.withDescription("there is no collection \"" + ask.typeUrl() + "\" here"));
        }
        List<Notice> notices;
        look(now);
        synchronized (now.state) {
            notices = now.state.request(ask, Instant.now());
        }
        for (Notice notice : notices) {
            notice.tell(now.session);
        }
        server.acted();
        pump();
        if (!ended) {
            call.request(1);
        }
    }

    private Open open(Node node, StreamTerms terms) throws DiscoveryRefused {
        StreamInfo info = new StreamInfo(server.nextId(), node, peer, dialect.delta());
        StreamState state = new StreamState(terms, server.diffs(), dialect.framing());
        DiscoverySource.Session session = server.source().open(info, view -> {
            offered.set(view);
            pumpSoon();
        });
        if (!session.owner().isEmpty()) {
            share = server.inFlight().share(session.owner());
        }
        endAt(session.until());
        return new Open(info, Instant.now(), state, session);
    }

    private void endAt(Instant until) {
        if (until.isBefore(Instant.MAX)) {
            unproven = server.timer()
                    .schedule(
                            () -> end(Status.UNAUTHENTICATED.withDescription(
                                    "what proved the peer has ended: come back with credentials that are good")),
                            Math.max(0, Duration.between(Instant.now(), until).toMillis()),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** At most one pump waits in the queue, however many views come. */
    private void pumpSoon() {
        if (pumping.compareAndSet(false, true)) {
            try {
                connection.execute(() -> queue.executeHere(this::pumpNow));
            } catch (RejectedExecutionException e) {
                // Connections have ended, and their streams with them.
                pumping.set(false);
            }
        }
    }

    private void pumpNow() {
        pumping.set(false);
        guarded(this::pump);
    }

    private void pump() {
        Open now = open;
        if (now == null || ended) {
            return;
        }
        look(now);
        watch();
        while (call.isReady() && !share.waits()) {
            ResponseFrame frame = held;
            held = null;
            if (frame == null) {
                share.release();
                synchronized (now.state) {
                    frame = now.state.next(System.nanoTime(), Instant.now());
                }
                if (frame == null) {
                    admission.release();
                    wakeAt(now.state.deadline());
                    return;
                }
                if (frame.size() > InFlight.SMALL && !share.take(frame.size(), this::pumpSoon)) {
                    held = frame;
                    return;
                }
            }
            server.acted();
            call.sendMessage(frame);
            giveBackSoon(frame);
            if (dialect.once()) {
                close(Status.OK);
                return;
            }
        }
        watch();
    }

    // What was sent waits for a client that does not read. After a while it is not waited for.
    private void watch() {
        boolean blocked = !call.isReady();
        if (blocked && stuck == null) {
            stuck = server.timer()
                    .schedule(
                            () -> queue.execute(this::cutOff),
                            server.limits().unread().toMillis(),
                            TimeUnit.MILLISECONDS);
        } else if (!blocked && stuck != null) {
            stuck.cancel(false);
            stuck = null;
        }
    }

    private void cutOff() {
        stuck = null;
        if (ended || call.isReady()) {
            return;
        }
        server.cut();
        release();
        // Closing would queue behind what the client does not read.
        call.sendMessage(FrameMarshaller.RESET);
    }

    private void forgetOverdue() {
        if (overdue != null) {
            overdue.cancel(false);
            overdue = null;
        }
    }

    private void look(Open now) {
        View view = offered.getAndSet(null);
        if (view != null) {
            synchronized (now.state) {
                now.state.offer(view);
            }
            server.acted();
        }
    }

    // A peer that does not read costs the memory that it holds, and after a moment nobody's time.
    private void giveBackSoon(ResponseFrame frame) {
        if (frame.size() > InFlight.SMALL) {
            forgetOverdue();
            overdue = server.timer().schedule(share::release, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void wakeAt(long nanos) {
        if (wake != null) {
            wake.cancel(false);
            wake = null;
        }
        if (nanos != Long.MAX_VALUE) {
            long delay = Math.max(0, nanos - System.nanoTime());
            wake = server.timer().schedule(this::pumpSoon, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (DiscoveryRefused e) {
            close(e.status());
        } catch (RuntimeException e) {
            if (!call.isCancelled()) {
                server.failed(e);
            }
            close(Status.INTERNAL.withDescription(e.toString()).withCause(e));
        }
    }

    private void close(Status status) {
        if (!ended) {
            release();
            call.close(status, new Metadata());
        }
    }

    private void release() {
        if (ended) {
            return;
        }
        ended = true;
        wakeAt(Long.MAX_VALUE);
        held = null;
        forgetOverdue();
        if (stuck != null) {
            stuck.cancel(false);
            stuck = null;
        }
        share.end();
        admission.end();
        if (unproven != null) {
            unproven.cancel(false);
        }
        if (placeOverdue != null) {
            placeOverdue.cancel(false);
        }
        server.closed(this);
        Open now = open;
        if (now != null) {
            now.session.close();
        }
    }

    private interface Step {
        void run() throws DiscoveryRefused;
    }
}
