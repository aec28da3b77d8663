package io.flotilla.discovery.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Bytes that all streams together may have handed to the transport before it has room again: what keeps a thousand
 * proxies that connect at once from being a thousand copies of the mesh in memory. Who waits is served in turn.
 */
final class InFlight {
    /** Smaller messages pass: they are answers to a change, not the state of a mesh. */
    static final int SMALL = 32 << 10;

    private final long capacity;
    private final Queue<Share> waiting = new ArrayDeque<>();
    private long used;

    /** @param capacity bytes; a message that exceeds it goes alone */
    InFlight(long capacity) {
        this.capacity = capacity;
    }

    /** A stream's share. */
    final class Share {
        private long held;
        private int wanted;
        private Runnable granted = () -> {};

        /**
         * Takes room for a message, at once or later.
         *
         * @param then called once, on any thread, when there is room, where there is none now
         * @return whether there is room now
         */
        boolean take(int size, Runnable then) {
            synchronized (InFlight.this) {
                if (fits(size) && waiting.isEmpty()) {
                    used += size;
                    held += size;
                    return true;
                }
                wanted = size;
                granted = then;
                waiting.add(this);
                return false;
            }
        }

        /** Whether it still waits for room. */
        boolean waits() {
            synchronized (InFlight.this) {
                return wanted > 0;
            }
        }

        /** Gives back what it holds: the transport has room again, or has had its time. */
        void release() {
            List<Runnable> next;
            synchronized (InFlight.this) {
                if (held == 0) {
                    return;
                }
                used -= held;
                held = 0;
                next = grant();
            }
            next.forEach(Runnable::run);
        }

        /** Gives everything back, and waits no more. */
        void end() {
            synchronized (InFlight.this) {
                wanted = 0;
                waiting.remove(this);
            }
            release();
        }
    }

    private boolean fits(int size) {
        return used == 0 || used + size <= capacity;
    }

    private List<Runnable> grant() {
        List<Runnable> granted = new ArrayList<>();
        for (Share first = waiting.peek(); first != null && fits(first.wanted); first = waiting.peek()) {
            waiting.remove();
            used += first.wanted;
            first.held += first.wanted;
            first.wanted = 0;
            granted.add(first.granted);
        }
        return granted;
    }

    Share share() {
        return new Share();
    }

    /** Bytes that are held now. */
    synchronized long used() {
        return used;
    }
}
