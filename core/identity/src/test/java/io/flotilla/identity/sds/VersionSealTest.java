package io.flotilla.identity.sds;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VersionSealTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final SpiffeId ID = SpiffeId.of("cluster.local", "default", "reviews");
    private static final SpiffeId OTHER = SpiffeId.of("cluster.local", "default", "ratings");
    private static final HeldCertificate HELD =
            new HeldCertificate(ID, NOW.plusSeconds(600), NOW.plusSeconds(300), "issuer", "epoch", "key");
    private static final Duration SPARE = Duration.ofSeconds(30);

    private static Authority authority() {
        return Authority.selfSigned(new TrustDomain("cluster.local"), NOW, Duration.ofDays(1), new SecureRandom());
    }

    @Test
    void aRestartedCitadelOpensWhatTheFirstSealed() {
        Authority authority = authority();
        String version = VersionSeal.of(authority).seal(HELD);
        Authority again =
                Authority.parse(authority.certificatePem(), authority.keyPem()).orElseThrow();
        assertThat(VersionSeal.of(again).open(version)).contains(HELD);
    }

    @Test
    void nobodyElseCanSealOrChange() {
        VersionSeal seal = VersionSeal.of(authority());
        String version = seal.seal(HELD);
        assertThat(VersionSeal.of(authority()).open(version)).isEmpty();
        for (int i = 0; i < version.length() - 1; i++) {
            char changed = version.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(seal.open(version.substring(0, i) + changed + version.substring(i + 1)))
                    .as("character %d", i)
                    .isEmpty();
        }
        assertThat(seal.open("")).isEmpty();
        assertThat(seal.open("1.")).isEmpty();
        assertThat(seal.open("1..")).isEmpty();
        assertThat(seal.open("0-abcdef")).isEmpty();
    }

    @Test
    void aCertificateIsGoodForItsOwnerUnderTheSameIssuerAndPolicyUntilItsRenewal() {
        assertThat(HELD.stillGood(ID, "issuer", "epoch", NOW, SPARE)).isTrue();
        assertThat(HELD.stillGood(OTHER, "issuer", "epoch", NOW, SPARE)).isFalse();
        assertThat(HELD.stillGood(ID, "other", "epoch", NOW, SPARE)).isFalse();
        assertThat(HELD.stillGood(ID, "issuer", "other", NOW, SPARE)).isFalse();
        assertThat(HELD.stillGood(ID, "issuer", "epoch", NOW.plusSeconds(300), SPARE))
                .isFalse();
        assertThat(HELD.stillGood(ID, "issuer", "epoch", NOW, Duration.ofMinutes(10)))
                .isFalse();
    }
}
