package io.flotilla.galley.jwks;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of what is fetched for policies: properties "flotilla.jwks.*", environment FLOTILLA_JWKS_*. */
@ConfigMapping(prefix = "flotilla.jwks")
interface JwksSettings {
    /** Off: only KeySet objects that somebody wrote are believed. */
    @WithDefault("true")
    boolean enabled();

    /** Private, link-local and loopback addresses may be asked too, and without TLS. */
    @WithDefault("false")
    boolean allowPrivate();

    /** How old keys get before they are fetched anew. */
    @WithDefault("20m")
    Duration refresh();

    /** How long keys are believed that cannot be fetched anew; then tokens of the issuer are refused. */
    @WithDefault("72h")
    Duration maxStale();
}
