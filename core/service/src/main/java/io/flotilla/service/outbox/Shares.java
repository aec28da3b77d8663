package io.flotilla.service.outbox;

import java.util.HashMap;
import java.util.Map;

/**
 * How much of something each holds of those who share it, so that none can hold all. Knows so many of them apart; all
 * others hold one share together, so the memory that this takes is bounded. Not for several threads.
 */
final class Shares {
    private static final int KNOWN = 10_000;

    private final long most;
    private final Map<String, Long> held = new HashMap<>();
    private long others;

    /** @param most of each */
    Shares(long most) {
        this.most = most;
    }

    /** Whether it holds less than its share. */
    boolean mayTake(String owner) {
        Long own = held.get(owner);
        return own != null ? own < most : held.size() < KNOWN || others < most;
    }

    void take(String owner, long amount) {
        if (held.containsKey(owner) || held.size() < KNOWN) {
            held.merge(owner, amount, Long::sum);
        } else {
            others += amount;
        }
    }

    void giveBack(String owner, long amount) {
        if (held.containsKey(owner)) {
            held.computeIfPresent(owner, (name, own) -> own <= amount ? null : own - amount);
        } else {
            others = Math.max(0, others - amount);
        }
    }

    /** Nobody holds anything. */
    void clear() {
        held.clear();
        others = 0;
    }
}
