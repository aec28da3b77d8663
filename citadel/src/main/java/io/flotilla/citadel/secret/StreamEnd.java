package io.flotilla.citadel.secret;

import io.flotilla.service.EndingCall;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Verdict;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Ends a stream of secrets when the token that opened it ends, or after an hour, somewhat earlier by chance. The client
 * comes back with the token that it then has; what it holds stays good, so that this costs no certificate.
 */
public final class StreamEnd implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final double SPREAD = 0.1;

    private final CallerCheck callers;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService timer;

    public StreamEnd(CallerCheck callers, Clock clock, RandomGenerator random, ScheduledExecutorService timer) {
        this.callers = callers;
        this.clock = clock;
        this.random = random;
        this.timer = timer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String authorization = headers.get(AUTHORIZATION);
        if (!(callers.check(new Credentials(authorization == null ? "" : authorization, Optional.empty()))
                instanceof Verdict.Proven proven)) {
            // Refusing it is the source's part, which says why.
            return next.startCall(call, headers);
        }
        EndingCall<Q, A> ending = new EndingCall<>(call);
        long millis = life(clock.instant(), proven.until(), random.nextDouble()).toMillis();
        Future<?> end = timer.schedule(() -> ending.end(Status.OK), millis, TimeUnit.MILLISECONDS);
        return new Watched<>(next.startCall(ending, headers), end);
    }

    /**
     * How long a stream may last.
     *
     * @param chance from 0 to 1: up to a tenth is taken off
     */
    static Duration life(Instant now, Instant tokenEnd, double chance) {
        Duration left = Duration.between(now, tokenEnd);
        Duration most = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        Duration spread = Duration.ofMillis(Math.round(most.toMillis() * (1 - SPREAD * chance)));
        return spread.compareTo(SHORTEST) < 0 ? SHORTEST : spread;
    }

    /** Forgets the timer of a stream that is over before its time. */
    private static final class Watched<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Future<?> end;

        Watched(ServerCall.Listener<Q> delegate, Future<?> end) {
            super(delegate);
            this.end = end;
        }

        @Override
        public void onCancel() {
            end.cancel(false);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            end.cancel(false);
            super.onComplete();
        }
    }
}
