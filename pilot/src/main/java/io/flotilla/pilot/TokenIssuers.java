package io.flotilla.pilot;

import io.flotilla.service.caller.BoundObjects;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.IssuerSettings;
import io.flotilla.service.caller.TokenProof;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts together, from the settings, whose tokens prove who a proxy is. */
final class TokenIssuers {
    private TokenIssuers() {}

    /** Whether somebody may be known by a token. */
    static boolean any(PilotConfig config) {
        return config.tokens().jwksFile().isPresent()
                || config.tokens().jwksUri().isPresent()
                || !config.oidc().isEmpty();
    }

    /**
     * Empty where no issuer's keys are set: then only certificates count.
     *
     * @param pods what the cluster's tokens are bound to
     */
    static Optional<CallerCheck> believed(PilotConfig config, BoundObjects pods) {
        List<TokenProof.Issuer> issuers = new ArrayList<>();
        Clock clock = Clock.systemUTC();
        PilotConfig.Tokens tokens = config.tokens();
        if (tokens.jwksFile().isPresent() || tokens.jwksUri().isPresent()) {
            issuers.add(new IssuerSettings(
                            "flotilla.tokens",
                            tokens.issuer(),
                            tokens.audience(),
                            new IssuerSettings.Keys(tokens.jwksFile(), tokens.jwksUri(), tokens.jwksAllowPrivate()),
                            List.of())
                    .believed(clock, pods));
        }
        config.oidc()
                .forEach((name, oidc) -> issuers.add(new IssuerSettings(
                                "flotilla.oidc." + name,
                                oidc.issuer(),
                                oidc.audience(),
                                new IssuerSettings.Keys(oidc.jwksFile(), oidc.jwksUri(), tokens.jwksAllowPrivate()),
                                oidc.subjects())
                        .believed(clock)));
        return issuers.isEmpty()
                ? Optional.empty()
                : Optional.of(new CallerCheck(List.of(new TokenProof(issuers, clock))));
    }
}
