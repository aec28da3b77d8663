package io.flotilla.galley.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.service.fetch.GuardedFetch.Outcome;
import org.junit.jupiter.api.Test;

class PublicKeysTest {
    @Test
    void onlyWhatIsPublicIsKept() {
        assertThat(PublicKeys.of("{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQ\", \"e\": \"Aw\", \"d\": \"secret\"},"
                        + " {\"kty\": \"oct\", \"k\": \"secret\"}], \"more\": 1}"))
                .isEqualTo(new Outcome.Fetched("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"Aw\"}]}"));
    }

    @Test
    void aDocumentThatIsNoKeySetIsNotRepeated() {
        assertThat(PublicKeys.of("<html>internal</html>"))
                .isEqualTo(new Outcome.Failed("is no JSON Web Key Set: a JSON object with a list \"keys\""));
        assertThat(PublicKeys.of("{\"keys\": [{\"kty\": \"oct\", \"k\": \"a\"}]}"))
                .isEqualTo(new Outcome.Failed("has no public key"));
    }

    @Test
    void anOpenIdConfigurationMustBeTheIssuersOwn() {
        String own = "{\"issuer\": \"https://a.example/\", \"jwks_uri\": \"https://keys.example/k\"}";

        assertThat(PublicKeys.address(own, "https://a.example"))
                .isEqualTo(new Outcome.Fetched("https://keys.example/k"));
        assertThat(PublicKeys.address(own, "https://b.example"))
                .isEqualTo(new Outcome.Failed("is not the OpenID configuration of https://b.example"));
    }
}
