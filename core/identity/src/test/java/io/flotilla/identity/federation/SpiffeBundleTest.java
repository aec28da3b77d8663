package io.flotilla.identity.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeBundleTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Authority authority(String domain, KeyKind kind) {
        return Authority.selfSigned(
                new TrustDomain(domain), Instant.parse("2026-01-01T00:00:00Z"), Duration.ofDays(3650), kind, RANDOM);
    }

    @Test
    void readsWhatItWrites() {
        SpiffeBundle bundle = new SpiffeBundle(
                List.of(
                        authority("b.example", KeyKind.EC_P256).certificate(),
                        authority("b.example", KeyKind.EC_P384).certificate(),
                        authority("b.example", KeyKind.RSA_2048).certificate()),
                7,
                Optional.of(Duration.ofSeconds(60)));
        assertThat(SpiffeBundle.parse(bundle.json())).isEqualTo(new SpiffeBundle.Outcome.Read(bundle));
        assertThat(bundle.json())
                .contains("\"use\":\"x509-svid\"", "\"crv\":\"P-384\"", "\"kty\":\"RSA\"", "\"e\":\"AQAB\"")
                .endsWith(",\"spiffe_sequence\":7,\"spiffe_refresh_hint\":60}");
    }

    @Test
    void anEmptyListTakesAllBackAndKeysOfOtherUsesArePassedOver() {
        for (String keys : List.of("[]", "[{\"kty\":\"EC\",\"use\":\"jwt-svid\",\"kid\":\"a\"}]")) {
            assertThat(SpiffeBundle.parse("{\"keys\":" + keys + "}"))
                    .isEqualTo(new SpiffeBundle.Outcome.Read(new SpiffeBundle(List.of(), 0, Optional.empty())));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[{\"kty\":\"EC\",\"use\":\"x509-svid\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":[]}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":[\"AAAA\"]}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":[\"%%\"]}]}",
            })
    void whatIsNoBundleIsRefused(String json) {
        assertThat(SpiffeBundle.parse(json)).isInstanceOf(SpiffeBundle.Outcome.Bad.class);
    }

    @Test
    void aLeafIsNoAuthority() {
        String json = new SpiffeBundle(
                        List.of(authority("b.example", KeyKind.EC_P256).certificate()), 1, Optional.empty())
                .json();
        int at = json.indexOf("\"x5c\":[\"") + 8;
        assertThat(SpiffeBundle.parse(json.substring(0, at + 200) + json.substring(at + 204)))
                .as("cut")
                .isInstanceOf(SpiffeBundle.Outcome.Bad.class);
        assertThat(SpiffeBundle.parse(json.replace("\"kty\":\"EC\",", "")))
                .as("without its kind")
                .isInstanceOf(SpiffeBundle.Outcome.Bad.class);
    }
}
