package io.flotilla.citadel.call;

import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.identity.token.TokenVerdict;
import io.flotilla.identity.token.TokenVerifier;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;

/** Who calls, by the bearer token of a service account. */
public final class CallerCheck {
    private static final String SCHEME = "bearer ";

    private final TokenKeys keys;
    private final TokenPolicy policy;
    private final Clock clock;

    public CallerCheck(TokenKeys keys, TokenPolicy policy, Clock clock) {
        this.keys = keys;
        this.policy = policy;
        this.clock = clock;
    }

    /** What a call's credentials prove. */
    public sealed interface Verdict {
        /**
         * They prove this caller.
         *
         * @param until the credentials' own end
         */
        record Proven(Caller caller, Instant until) implements Verdict {}

        record Unproven(String message) implements Verdict {}
    }

    /** Judges the value of the "authorization" header, empty where there is none. */
    public Verdict check(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return new Verdict.Unproven("a bearer token with audience \"" + policy.audience() + "\" is needed");
        }
        String token = authorization.substring(SCHEME.length()).strip();
        return switch (TokenVerifier.verify(token, keys.current(), policy, clock.instant())) {
            case TokenVerdict.Valid valid -> proven(valid.token());
            case TokenVerdict.Invalid invalid -> new Verdict.Unproven("token refused: " + invalid.message());
        };
    }

    private static Verdict proven(ServiceAccountToken token) {
        String by = token.pod().map(pod -> "token of pod " + pod.name()).orElse("token");
        return new Verdict.Proven(new Caller(token.account(), by), token.expiresAt());
    }
}
