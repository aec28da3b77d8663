package io.flotilla.discovery.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Room that all streams share: bytes that were handed to the transport before it has room again, or streams whose first
 * push is being made. It is what keeps a thousand proxies that connect at once from being a thousand copies of the mesh
 * in memory. Who waits is served in turn, one owner after the other; the last quarter is for owners that hold less than
 * a quarter, so that no owner keeps the others waiting for all that it asks for.
 */
final class InFlight {
    /** Smaller messages pass: they are answers to a change, not the state of a mesh. */
    static final int SMALL = 32 << 10;

    private static final int QUARTERS = 4;

    private final long capacity;
    private final Map<String, Owner> owners = new HashMap<>();
    private final Deque<Owner> waiting = new ArrayDeque<>();
    private long used;
    private int count;

    /** @param capacity what a single taking may exceed only by going alone */
    InFlight(long capacity) {
        this.capacity = capacity;
    }

    /** Whom shares are accounted to. */
    private final class Owner {
        private final String name;
        private final Deque<Share> queue = new ArrayDeque<>();
        private long held;

        Owner(String name) {
            this.name = name;
        }

        // It has its part, and what is left is for others.
        boolean sated(int size) {
            return held > 0 && (held + size) * QUARTERS > capacity && (used + size) * QUARTERS > capacity * 3;
        }

        // Null-safe: only owners with somebody in their queue are in the line.
        int wanted() {
            return Objects.requireNonNull(queue.peek()).wanted;
        }

        void hold(Share share, int size) {
            used += size;
            held += size;
            long before = share.held;
            share.held = before + size;
        }

        void forgetIfIdle() {
            if (held == 0 && queue.isEmpty()) {
                owners.remove(name);
            }
        }
    }

    /** A stream's share. */
    final class Share {
        private final String name;
        // Written under the lock; most streams have and want nothing most of the time, and need no lock to see that.
        private volatile long held;
        private volatile int wanted;
        private Runnable granted = () -> {};

        private Share(String name) {
            this.name = name;
        }

        /**
         * Takes room, at once or later.
         *
         * @param then called once, on any thread, when there is room, where there is none now
         * @return whether there is room now
         */
        boolean take(int size, Runnable then) {
            synchronized (InFlight.this) {
                Owner owner = owners.computeIfAbsent(name, Owner::new);
                if (owner.queue.isEmpty() && !owner.sated(size) && fits(size) && !somebodyIsFirst()) {
                    owner.hold(this, size);
                    return true;
                }
                wanted = size;
                granted = then;
                if (owner.queue.isEmpty()) {
                    waiting.addLast(owner);
                }
                owner.queue.add(this);
                count++;
                return false;
            }
        }

        /** Whether it still waits for room. */
        boolean waits() {
            return wanted > 0;
        }

        /** How many of the same owner wait. */
        int waitingBeside() {
            synchronized (InFlight.this) {
                Owner owner = owners.get(name);
                return owner == null ? 0 : owner.queue.size();
            }
        }

        /** Gives back what it holds: the transport has room again, or has had its time. */
        void release() {
            if (held == 0) {
                return;
            }
            List<Runnable> next;
            synchronized (InFlight.this) {
                Owner owner = owners.get(name);
                if (held == 0 || owner == null) {
                    return;
                }
                used -= held;
                owner.held -= held;
                held = 0;
                owner.forgetIfIdle();
                next = grant();
            }
            next.forEach(Runnable::run);
        }

        /** Gives everything back, and waits no more. */
        void end() {
            List<Runnable> next;
            synchronized (InFlight.this) {
                Owner owner = owners.get(name);
                wanted = 0;
                if (owner != null && owner.queue.remove(this)) {
                    count--;
                    if (owner.queue.isEmpty()) {
                        waiting.remove(owner);
                    }
                    owner.forgetIfIdle();
                }
                // Others may have waited behind it alone.
                next = grant();
            }
            next.forEach(Runnable::run);
            release();
        }
    }

    private boolean fits(int size) {
        return used == 0 || used + size <= capacity;
    }

    // Somebody for whom there will be room next, whoever needs less.
    private boolean somebodyIsFirst() {
        return waiting.stream().anyMatch(owner -> !owner.sated(owner.wanted()));
    }

    private List<Runnable> grant() {
        List<Runnable> granted = new ArrayList<>();
        int passed = 0;
        while (passed < waiting.size()) {
            Owner owner = waiting.removeFirst();
            int size = owner.wanted();
            if (owner.sated(size)) {
                waiting.addLast(owner);
                passed++;
                continue;
            }
            if (!fits(size)) {
                waiting.addFirst(owner);
                break;
            }
            Share share = owner.queue.remove();
            count--;
            owner.hold(share, size);
            share.wanted = 0;
            granted.add(share.granted);
            if (!owner.queue.isEmpty()) {
                waiting.addLast(owner);
            }
            passed = 0;
        }
        return granted;
    }

    /** @param owner whom it is accounted to */
    Share share(String owner) {
        return new Share(owner);
    }

    /** What is held now. */
    synchronized long used() {
        return used;
    }

    /** How many wait. */
    synchronized int waiting() {
        return count;
    }
}
