package io.flotilla.identity.token;

import java.time.Duration;
import java.time.Instant;

/**
 * When a fetched key set is fetched again, and until when it is believed.
 *
 * @param keys    as last fetched
 * @param fetched when that was; {@link Instant#MIN} before the first
 * @param tried   when it was last tried, well or not
 */
public record KeyCache(Jwks keys, Instant fetched, Instant tried) {
    /**
     * Periods of a cache.
     *
     * @param refresh after this long it is fetched again
     * @param retry   no two tries are nearer than this, whatever tokens come
     * @param stale   after this long without success nothing is believed any more
     */
    public record Periods(Duration refresh, Duration retry, Duration stale) {
        public static final Periods USUAL =
                new Periods(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(24));
    }

    /** Nothing fetched yet. */
    public static final KeyCache EMPTY = new KeyCache(new Jwks(java.util.Map.of()), Instant.MIN, Instant.MIN);

    /** Whether to fetch now, for a token by this key. An unknown key may be a new one. */
    public boolean wantsFetch(String key, Instant now, Periods periods) {
        if (within(tried, periods.retry(), now)) {
            return false;
        }
        return !within(fetched, periods.refresh(), now) || !keys.keys().containsKey(key);
    }

    /** Whether the keys may be believed still. */
    public boolean usable(Instant now, Periods periods) {
        return within(fetched, periods.stale(), now);
    }

    public KeyCache after(Jwks fresh, Instant now) {
        return new KeyCache(fresh, now, now);
    }

    /** A try that failed: keys stay as they were. */
    public KeyCache afterFailure(Instant now) {
        return new KeyCache(keys, fetched, now);
    }

    private static boolean within(Instant since, Duration period, Instant now) {
        return !since.equals(Instant.MIN) && now.isBefore(since.plus(period));
    }
}
