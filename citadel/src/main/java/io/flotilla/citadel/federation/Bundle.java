package io.flotilla.citadel.federation;

import io.flotilla.identity.federation.SpiffeBundle;
import java.time.Duration;
import java.time.Instant;

/**
 * The bundle of another mesh as it was last fetched, and when to look again.
 *
 * @param bundle  what is believed; the last good one
 * @param fetched when that was; {@link Instant#MIN} for never
 * @param due     when it is fetched next
 * @param problem why the last try failed; empty where it did not
 */
record Bundle(SpiffeBundle bundle, Instant fetched, Instant due, String problem) {
    private static final Duration USUAL = Duration.ofMinutes(5);
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Nothing is known, and it is due. */
    static Bundle unknown() {
        return new Bundle(
                new SpiffeBundle(java.util.List.of(), 0, java.util.Optional.empty()), Instant.MIN, Instant.MIN, "");
    }

    /** From an earlier run: believed, and due. */
    static Bundle kept(SpiffeBundle bundle, Instant fetched) {
        return new Bundle(bundle, fetched, Instant.MIN, "");
    }

    /** Looked at again as often as the other mesh wishes, within bounds. */
    Bundle after(SpiffeBundle fresh, Instant now) {
        Duration wish = fresh.refreshHint().orElse(USUAL);
        Duration wait = wish.compareTo(SHORTEST) < 0 ? SHORTEST : wish.compareTo(LONGEST) > 0 ? LONGEST : wish;
        return new Bundle(fresh, now, now.plus(wait), "");
    }

    /** The last good one stays. */
    Bundle afterFailure(String why, Instant now) {
        return new Bundle(bundle, fetched, now.plus(RETRY), why);
    }

    boolean known() {
        return !fetched.equals(Instant.MIN);
    }

    /** How old what is believed is. */
    Duration age(Instant now) {
        return known() ? Duration.between(fetched, now) : Duration.ZERO;
    }
}
