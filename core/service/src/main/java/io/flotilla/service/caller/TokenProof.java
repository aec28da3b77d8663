package io.flotilla.service.caller;

import io.flotilla.identity.Shown;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.identity.token.TokenVerdict;
import io.flotilla.identity.token.TokenVerifier;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Signed tokens of issuers whose keys we have. */
public final class TokenProof implements Proof {
    private final Map<String, Issuer> issuers;
    private final Clock clock;

    /**
     * Believes these issuers.
     *
     * @param issuers by their "iss"
     */
    public TokenProof(java.util.List<Issuer> issuers, Clock clock) {
        this.issuers = issuers.stream()
                .collect(Collectors.toUnmodifiableMap(issuer -> issuer.policy().issuer(), issuer -> issuer));
        this.clock = clock;
    }

    /** One issuer: what its tokens must say, its keys, and whether what they are bound to is there. */
    public record Issuer(TokenPolicy policy, KeySource keys, BoundObjects bound) {}

    @Override
    public Optional<Verdict> check(Credentials credentials) {
        return credentials
                .bearer()
                .filter(token -> token.indexOf('.') > 0)
                .flatMap(token -> TokenVerifier.read(token).map(this::judged));
    }

    private Verdict judged(TokenVerifier.Unverified token) {
        TokenVerifier.Hint hint = token.hint();
        Issuer issuer = issuers.get(hint.issuer());
        if (issuer == null) {
            return new Verdict.Unproven("token refused: issuer \"" + Shown.of(hint.issuer()) + "\" is not believed");
        }
        return switch (issuer.keys().keys(hint.key())) {
            case KeySource.Answer.Away away -> new Verdict.Unavailable(away.message());
            case KeySource.Answer.Keys keys ->
                switch (TokenVerifier.verify(token, keys.keys(), issuer.policy(), clock.instant())) {
                    case TokenVerdict.Valid valid -> bound(valid.token(), issuer.bound());
                    case TokenVerdict.Invalid invalid -> new Verdict.Unproven("token refused: " + invalid.message());
                };
        };
    }

    private static Verdict bound(ServiceAccountToken token, BoundObjects objects) {
        return switch (objects.presence(token)) {
            case BoundObjects.Presence.Here here -> proven(token);
            case BoundObjects.Presence.Gone gone -> new Verdict.Unproven("token refused: " + gone.message());
            case BoundObjects.Presence.Unknown unknown -> new Verdict.Unavailable(unknown.message());
        };
    }

    private static Verdict proven(ServiceAccountToken token) {
        String by = token.pod().map(pod -> "token of pod " + pod.name()).orElse("token");
        return new Verdict.Proven(new Caller(token.account(), by), token.expiresAt());
    }
}
