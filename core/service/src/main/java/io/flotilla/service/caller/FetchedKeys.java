package io.flotilla.service.caller;

import io.flotilla.identity.token.Jwks;
import io.flotilla.identity.token.KeyCache;
import io.flotilla.service.fetch.GuardedFetch;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keys that are fetched and kept. One call fetches at a time; the others go on with what there is. A fetch that fails
 * changes nothing, until the keys are so old that nobody is believed by them any more.
 */
public final class FetchedKeys implements KeySource {
    private static final System.Logger LOG = System.getLogger("callers");

    private final String name;
    private final Supplier<GuardedFetch.Outcome> fetch;
    private final Clock clock;
    private final KeyCache.Periods periods;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile KeyCache cache = KeyCache.EMPTY;
    private volatile String problem = "were never fetched";

    /**
     * Nothing is fetched yet.
     *
     * @param name for messages: where they come from
     */
    public FetchedKeys(String name, Supplier<GuardedFetch.Outcome> fetch, Clock clock, KeyCache.Periods periods) {
        this.name = name;
        this.fetch = fetch;
        this.clock = clock;
        this.periods = periods;
    }

    @Override
    public Answer keys(String key) {
        if (cache.wantsFetch(key, clock.instant(), periods)) {
            boolean mustWait = !cache.usable(clock.instant(), periods)
                    || !cache.keys().keys().containsKey(key);
            if (mustWait) {
                fetching.lock();
                refresh(key);
            } else if (fetching.tryLock()) {
                refresh(key);
            }
        }
        return cache.usable(clock.instant(), periods)
                ? new Answer.Keys(cache.keys())
                : new Answer.Away("the keys of " + name + " " + problem);
    }

    /** Under the lock, which it gives back. */
    private void refresh(String key) {
        try {
            // Somebody else may have fetched while we waited.
            if (!cache.wantsFetch(key, clock.instant(), periods)) {
                return;
            }
            Optional<Jwks> fresh = switch (fetch.get()) {
                case GuardedFetch.Outcome.Fetched fetched -> {
                    problem = "are no JSON Web Key Set";
                    yield Jwks.parse(fetched.body());
                }
                case GuardedFetch.Outcome.Failed failed -> {
                    problem = "cannot be fetched: " + failed.message();
                    yield Optional.empty();
                }
            };
            Instant now = clock.instant();
            if (fresh.isEmpty()) {
                LOG.log(Level.ERROR, "the keys of {0} {1}; they stay as they were", name, problem);
            }
            cache = fresh.map(keys -> cache.after(keys, now)).orElseGet(() -> cache.afterFailure(now));
        } finally {
            fetching.unlock();
        }
    }
}
