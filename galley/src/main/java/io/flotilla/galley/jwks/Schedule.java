package io.flotilla.galley.jwks;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** When which address is fetched: at once, then when its keys are old, or soon again where it failed. */
final class Schedule {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Duration refresh;
    private final Map<String, Next> addresses = new TreeMap<>();

    private record Next(Instant at, int failures) {}

    Schedule(Duration refresh) {
        this.refresh = refresh;
    }

    /** Only these are wanted from now on. */
    void wanted(SortedSet<String> wanted, Instant now) {
        addresses.keySet().retainAll(wanted);
        wanted.forEach(address -> addresses.putIfAbsent(address, new Next(now, 0)));
    }

    /** Those that failed least come first, so that nobody waits for the dead. */
    List<String> due(Instant now) {
        return addresses.entrySet().stream()
                .filter(entry -> !entry.getValue().at().isAfter(now))
                .sorted(Comparator.comparingInt(entry -> entry.getValue().failures()))
                .map(Map.Entry::getKey)
                .toList();
    }

    void succeeded(String address, Instant now) {
        addresses.computeIfPresent(address, (key, next) -> new Next(now.plus(refresh), 0));
    }

    /** True where it had not failed before. */
    boolean failed(String address, Instant now) {
        Next next = addresses.get(address);
        if (next == null) {
            return false;
        }
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(next.failures(), 10));
        Duration bounded = wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait;
        addresses.put(address, new Next(now.plus(bounded), next.failures() + 1));
        return next.failures() == 0;
    }

    /** Until something is due; at least a moment, at most the refresh. */
    Duration pause(Instant now) {
        return addresses.values().stream()
                .map(next -> Duration.between(now, next.at()))
                .min(Duration::compareTo)
                .filter(wait -> wait.compareTo(refresh) < 0)
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .orElse(refresh);
    }
}
