package io.flotilla.citadel.root;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.rotation.Rotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootRotationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Rotation.Waits WAITS = new Rotation.Waits(Duration.ofMinutes(10), Duration.ofHours(1));

    @TempDir
    Path folder;

    private RootRotation at(Duration after) {
        return at(after, Duration.ofDays(100));
    }

    /** A new process each time: all that it knows is in the store. */
    private RootRotation at(Duration after, Duration life) {
        RootStore.NewRoot wanted = new RootStore.NewRoot(new TrustDomain("cluster.local"), life, KeyKind.EC_P256);
        Clock clock = Clock.fixed(NOW.plus(after), ZoneOffset.UTC);
        return new RootRotation(new RootFolder(folder.resolve("ca")), wanted, WAITS, clock, new SecureRandom());
    }

    @Test
    void replacesTheRootInStepsThatSurviveRestarts() throws IOException {
        String old = at(Duration.ZERO).load().signing().fingerprint();
        assertThat(at(Duration.ZERO).begin()).isEmpty();
        assertThat(at(Duration.ZERO).begin())
                .hasValueSatisfying(why -> assertThat(why).contains("under way"));

        RootRotation.Roots distributing = at(Duration.ofMinutes(9)).step();
        assertThat(distributing.signing().fingerprint()).isEqualTo(old);
        assertThat(distributing.trusted()).hasSize(2);
        String next = distributing.other().orElseThrow().fingerprint();

        RootRotation.Roots switched = at(Duration.ofMinutes(10)).step();
        assertThat(switched.signing().fingerprint()).isEqualTo(next);
        assertThat(switched.trusted()).containsExactlyInAnyOrderElementsOf(distributing.trusted());

        RootRotation.Roots done = at(Duration.ofMinutes(80)).step();
        assertThat(done.signing().fingerprint()).isEqualTo(next);
        assertThat(done.trusted()).hasSize(1);
        assertThat(done.state()).isEqualTo(new Rotation.Steady(next));
        assertThat(folder.resolve("ca/other-key.pem")).doesNotExist();
    }

    @Test
    void aCutBetweenPromotionAndTheEndLosesNothing() throws IOException {
        at(Duration.ZERO).load();
        at(Duration.ZERO).begin();
        RootRotation.Roots switched = at(Duration.ofMinutes(10)).step();
        new RootFolder(folder.resolve("ca")).promote(switched.signing());

        assertThat(at(Duration.ofMinutes(11)).step().signing().fingerprint())
                .isEqualTo(switched.signing().fingerprint());
        assertThat(at(Duration.ofMinutes(80)).step().state())
                .isEqualTo(new Rotation.Steady(switched.signing().fingerprint()));
    }

    @Test
    void aCutBetweenTheKeyAndItsCertificateIsEnded() throws IOException {
        at(Duration.ZERO).load();
        at(Duration.ZERO).begin();
        RootRotation.Roots switched = at(Duration.ofMinutes(10)).step();
        Path ca = folder.resolve("ca");
        String oldCertificate = Files.readString(ca.resolve("root-cert.pem"));
        new RootFolder(ca).promote(switched.signing());
        Files.move(ca.resolve("root-cert.pem"), ca.resolve(".root-cert.promoted"));
        Files.writeString(ca.resolve("root-cert.pem"), oldCertificate);

        assertThat(at(Duration.ofMinutes(11)).load().signing().fingerprint())
                .isEqualTo(switched.signing().fingerprint());
    }

    @Test
    void beginsByItselfBeforeTheEnd() throws IOException {
        Duration life = Duration.ofDays(100);
        at(Duration.ZERO, life).load();
        assertThat(at(Duration.ofDays(89), life).step().trusted()).hasSize(1);
        assertThat(at(Duration.ofDays(90), life).step().state()).isInstanceOf(Rotation.Distributing.class);
    }
}
