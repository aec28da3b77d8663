package io.flotilla.config.validate;

import java.util.Set;

/** Names of TLS that Envoy's library knows; it refuses a whole configuration for one that it does not. */
public final class KnownTls {
    private KnownTls() {}

    /** Cipher suites of TLS 1.2. */
    public static Set<String> ciphers() {
        return GatewayTlsRules.CIPHERS;
    }

    /** Curves for the exchange of keys. */
    public static Set<String> curves() {
        return MeshTlsRules.CURVES;
    }
}
