package io.flotilla.citadel.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which of many equal refusals are told: the first, then one a minute with the number of those between. A caller that
 * asks a thousand times a second for what it does not get would fill the disk with them otherwise, and leave no place
 * for what was issued.
 */
final class Repeats {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** Who came no more for so long is forgotten, with what was not told of it. */
    private static final Duration FORGOTTEN = PERIOD.multipliedBy(10);

    /** Callers that are told apart; more than these at once are told as one. */
    private static final int MOST = 10_000;

    /** Between two looks for callers that can be forgotten, which pass over all of them. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final String OTHERS = "";

    private final Map<String, Told> told = new HashMap<>();
    private Instant looked = Instant.EPOCH;

    private static final class Told {
        private Instant at;
        private long since;

        private Told(Instant at) {
            this.at = at;
        }
    }

    /** How many were not told since the last that was; empty where this one is not told either. */
    synchronized OptionalLong tell(String key, Instant now) {
        if (!told.containsKey(key) && told.size() >= MOST && !now.isBefore(looked.plus(LOOK))) {
            looked = now;
            told.values()
                    .removeIf(each -> (each.since == 0 && over(each, now)) || !now.isBefore(each.at.plus(FORGOTTEN)));
        }
        String kept = told.containsKey(key) || told.size() < MOST ? key : OTHERS;
        Told last = told.get(kept);
        if (last == null) {
            told.put(kept, new Told(now));
            return OptionalLong.of(0);
        }
        if (!over(last, now)) {
            last.since++;
            return OptionalLong.empty();
        }
        long between = last.since;
        last.at = now;
        last.since = 0;
        return OptionalLong.of(between);
    }

    private static boolean over(Told told, Instant now) {
        return !now.isBefore(told.at.plus(PERIOD));
    }
}
