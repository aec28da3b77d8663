package io.flotilla.identity.limit;

import io.flotilla.identity.SpiffeId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits certificates per identity and overall. A fifth of the overall burst is kept for those whose certificate is
 * about to end, so that a storm of newcomers never costs a running workload its identity. Not for several threads.
 */
public final class IssueLimits {
    private static final double KEPT_FOR_URGENT = 0.2;
    private static final int MOST = 100_000;

    private final TokenBucket.Rate each;
    private final TokenBucket.Rate all;
    private final Map<SpiffeId, TokenBucket> byId = new LinkedHashMap<>(16, 0.75f, true);
    private TokenBucket overall;

    public IssueLimits(TokenBucket.Rate each, TokenBucket.Rate all, Instant now) {
        this.each = each;
        this.all = all;
        this.overall = TokenBucket.full(all, now);
    }

    /**
     * Takes one certificate's worth; says why where there is none.
     *
     * @param urgent the caller's certificate is about to end
     */
    public Optional<String> take(SpiffeId id, boolean urgent, Instant now) {
        TokenBucket own = byId.getOrDefault(id, TokenBucket.full(each, now)).filled(each, now);
        overall = overall.filled(all, now);
        if (!own.has(0)) {
            byId.put(id, own);
            return Optional.of("more than " + each.perSecond() + " certificates a second for " + id);
        }
        if (!overall.has(urgent ? 0 : all.burst() * KEPT_FOR_URGENT)) {
            return Optional.of("more than " + all.perSecond() + " certificates a second; try again later");
        }
        overall = overall.less();
        byId.put(id, own.less());
        if (byId.size() > MOST) {
            byId.remove(byId.keySet().iterator().next());
        }
        return Optional.empty();
    }
}
