package io.flotilla.config.validate;

import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;

/** KeySet: an address, and the keys found there. */
final class KeySetRules {
    private static final String CODE = "FL0555";
    private static final int MAX_BYTES = 1 << 20;

    private KeySetRules() {}

    static void check(Config<KeySet> config, Check check) {
        KeySet keys = config.spec();
        FieldPath at = Check.spec();
        check.require(
                Urls.isWeb(keys.getUri()), CODE, at.field("uri"), "\"" + keys.getUri() + "\" is no http or https URL");
        check.require(keys.getJwks().length() <= MAX_BYTES, CODE, at.field("jwks"), "has more than 1 MiB");
        check.require(
                keys.getJwks().length() > MAX_BYTES || RequestAuthenticationRules.isKeySet(keys.getJwks()),
                CODE,
                at.field("jwks"),
                "is no set of keys: JSON with a list \"keys\"");
    }
}
