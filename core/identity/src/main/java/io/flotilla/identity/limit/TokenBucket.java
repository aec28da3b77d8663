package io.flotilla.identity.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * A bucket of tokens: how many there are at a time, and since when.
 *
 * @param tokens from 0 to the rate's burst
 * @param at     when that was so
 */
public record TokenBucket(double tokens, Instant at) {
    /**
     * How it fills.
     *
     * @param perSecond tokens that come each second
     * @param burst     most that it holds
     */
    public record Rate(double perSecond, double burst) {
        public Rate {
            if (!(perSecond > 0) || !(burst >= 1)) {
                throw new IllegalArgumentException("a rate limit is more than 0 a second, and 1 at once at least");
            }
        }
    }

    public static TokenBucket full(Rate rate, Instant now) {
        return new TokenBucket(rate.burst(), now);
    }

    /** As it is now. A clock that goes back adds nothing. */
    public TokenBucket filled(Rate rate, Instant now) {
        double seconds = Math.max(0, Duration.between(at, now).toNanos() / 1e9);
        return new TokenBucket(Math.min(rate.burst(), tokens + seconds * rate.perSecond()), now);
    }

    /** Whether there is one to take while this many stay. */
    public boolean has(double kept) {
        return tokens >= 1 + kept;
    }

    public TokenBucket less() {
        return new TokenBucket(tokens - 1, at);
    }
}
