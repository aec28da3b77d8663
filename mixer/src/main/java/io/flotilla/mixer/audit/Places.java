package io.flotilla.mixer.audit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many may be at something at once, in all and of one caller: who calls a lot waits for itself, not others for it.
 * Remembers callers only while they are here. For any number of threads.
 */
final class Places {
    /** For each place, that many may wait. */
    private static final int WAITING = 3;

    private final Semaphore all;
    private final Semaphore inside;
    private final int most;
    private final int share;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<String, Row> rows = new ConcurrentHashMap<>();

    /**
     * All of them free.
     *
     * @param most  in all
     * @param share of one caller
     */
    Places(int most, int share, LongSupplier nanos) {
        this.most = Math.multiplyExact(most, 1 + WAITING);
        this.share = share;
        this.nanos = nanos;
        all = new Semaphore(most);
        inside = new Semaphore(this.most);
    }

    private record Row(Semaphore free, int coming) {}

    /** Whether there is one. */
    enum Taken {
        YES,
        /** All are taken. */
        NONE,
        /** All of this caller are. */
        SHARE
    }

    /** Waits for a place, but not longer than this; whoever has one gives it back. */
    Taken take(String caller, Duration patience) throws InterruptedException {
        if (!inside.tryAcquire()) {
            return Taken.NONE;
        }
        Taken taken = Taken.SHARE;
        Row row = come(caller);
        try {
            if (row != null) {
                taken = take(row.free(), patience);
            }
        } finally {
            if (taken != Taken.YES) {
                inside.release();
                if (row != null) {
                    go(caller);
                }
            }
        }
        return taken;
    }

    private Taken take(Semaphore own, Duration patience) throws InterruptedException {
        long end = nanos.getAsLong() + patience.toNanos();
        if (!own.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Taken.SHARE;
        }
        boolean taken = false;
        try {
            taken = all.tryAcquire(Math.max(0, end - nanos.getAsLong()), TimeUnit.NANOSECONDS);
        } finally {
            if (!taken) {
                own.release();
            }
        }
        return taken ? Taken.YES : Taken.NONE;
    }

    /** Null where more of this caller wait than may. */
    private @Nullable Row come(String caller) {
        boolean[] came = new boolean[1];
        Row row = rows.compute(caller, (name, there) -> {
            Row now = there == null ? new Row(new Semaphore(share), 0) : there;
            came[0] = now.coming() < share * (1 + WAITING);
            return came[0] ? new Row(now.free(), now.coming() + 1) : now;
        });
        return came[0] ? row : null;
    }

    private void go(String caller) {
        rows.computeIfPresent(
                caller, (name, there) -> there.coming() == 1 ? null : new Row(there.free(), there.coming() - 1));
    }

    void giveBack(String caller) {
        all.release();
        Row row = rows.get(caller);
        if (row != null) {
            row.free().release();
        }
        go(caller);
        inside.release();
    }

    /** How many are taken or waited for. */
    int taken() {
        return most - inside.availablePermits();
    }
}
