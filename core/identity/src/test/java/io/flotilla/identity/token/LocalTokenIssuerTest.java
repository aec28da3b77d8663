package io.flotilla.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer.TokenRequest;
import io.flotilla.identity.token.TokenVerdict.Invalid;
import io.flotilla.identity.token.TokenVerdict.Valid;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LocalTokenIssuerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TokenPolicy POLICY = new TokenPolicy(LocalTokenIssuer.ISSUER, "istio-ca", TokenPolicy.LEEWAY);
    private static final TokenRequest REQUEST = new TokenRequest(
            new ServiceAccount("default", "reviews"),
            Optional.of(new ServiceAccountToken.Pod("reviews-v1-0", "uid-1")),
            "istio-ca",
            Duration.ofHours(12));

    private final LocalTokenIssuer issuer = LocalTokenIssuer.create(RANDOM);

    @RepeatedTest(5) // coordinates with leading zeros come by chance
    void itsTokensAreVerifiedByItsKeySet() {
        LocalTokenIssuer other = LocalTokenIssuer.create(RANDOM);
        Jwks keys = Jwks.parse(other.jwks()).orElseThrow();
        assertThat(TokenVerifier.verify(other.mint(REQUEST, NOW, RANDOM), keys, POLICY, NOW))
                .isInstanceOfSatisfying(Valid.class, verdict -> {
                    assertThat(verdict.token().account()).isEqualTo(REQUEST.account());
                    assertThat(verdict.token().pod()).isEqualTo(REQUEST.pod());
                    assertThat(verdict.token().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(12)));
                });
        assertThat(TokenVerifier.verify(issuer.mint(REQUEST, NOW, RANDOM), keys, POLICY, NOW))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void comesBackFromItsFile() {
        LocalTokenIssuer again = LocalTokenIssuer.parse(issuer.pem()).orElseThrow();
        assertThat(again.jwks()).isEqualTo(issuer.jwks());
        Jwks keys = Jwks.parse(issuer.jwks()).orElseThrow();
        assertThat(TokenVerifier.verify(again.mint(REQUEST, NOW, RANDOM), keys, POLICY, NOW))
                .isInstanceOf(Valid.class);
        assertThat(LocalTokenIssuer.parse("nothing")).isEmpty();
        assertThat(issuer.toString()).doesNotContain("PRIVATE");
        assertThat(issuer.jwks()).doesNotContain("\"d\"");
    }

    @Test
    void timesAreWholeNumbersAsOtherReadersExpect() {
        String claims = new String(
                Base64.getUrlDecoder().decode(issuer.mint(REQUEST, NOW, RANDOM).split("\\.", -1)[1]),
                StandardCharsets.UTF_8);
        assertThat(claims).contains("\"exp\":" + NOW.plus(Duration.ofHours(12)).getEpochSecond());
    }

    @Test
    void aKeySetWithStrangersKeepsWhatItCanUse() {
        String json = """
                {"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}, {"kty": "EC", "crv": "P-384", "kid": "b"},
                 {"kty": "RSA", "kid": "c", "n": "AQAB", "e": "AQAB"}, {"kty": "RSA", "kid": "d"},
                 {"kty": "EC", "use": "enc", "kid": "e", "crv": "P-256"}, "text", 7]}""";
        assertThat(Jwks.parse(json))
                .hasValueSatisfying(keys -> assertThat(keys.keys()).isEmpty());
        assertThat(Jwks.parse("[]")).isEmpty();
        assertThat(Jwks.parse("{}")).isEmpty();
        assertThat(Jwks.parse("{\"keys\"")).isEmpty();
    }
}
