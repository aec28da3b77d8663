package io.flotilla.galley.leader;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a replica does about the lease. Clocks of replicas are never compared: a lease is over when this replica has
 * seen it unchanged for as long as it holds.
 *
 * @param me   this process; no other ever has this name
 * @param life how long a lease holds
 */
record Election(String me, Duration life) {
    /** A lease as it was first seen so, by the clock of this replica. */
    record Seen(LeaseRecord lease, Instant at) {}

    sealed interface Step {
        /** Write this lease: it makes or keeps this replica the leader. */
        record Write(LeaseRecord lease) implements Step {}

        /** Another leads. */
        record Follow() implements Step {}
    }

    /** Remembers since when a lease stands as it does. */
    static Seen seen(@Nullable Seen before, LeaseRecord now, Instant at) {
        return before != null && before.lease().equals(now) ? before : new Seen(now, at);
    }

    /**
     * @param seen the lease as it is; null where there is none
     */
    Step next(@Nullable Seen seen, Instant now) {
        int seconds = Math.toIntExact(life.toSeconds());
        if (seen == null) {
            return new Step.Write(new LeaseRecord(me, 1, seconds, "", ""));
        }
        LeaseRecord lease = seen.lease();
        if (lease.holder().equals(me)) {
            return new Step.Write(new LeaseRecord(me, lease.epoch(), seconds, "", lease.version()));
        }
        boolean over = lease.holder().isEmpty() || !now.isBefore(seen.at().plusSeconds(lease.seconds()));
        return over
                ? new Step.Write(new LeaseRecord(me, lease.epoch() + 1, seconds, "", lease.version()))
                : new Step.Follow();
    }

    /**
     * Until when a leader may write without having renewed: it stops before another may begin.
     *
     * @param asked when it sent the write that made it leader
     */
    Instant until(Instant asked) {
        return asked.plus(life.multipliedBy(2).dividedBy(3));
    }
}
