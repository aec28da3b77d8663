package io.flotilla.citadel.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootFolderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private Path folder;

    private Authority open() throws IOException {
        return new RootFolder(folder.resolve("ca"))
                .loadOrCreate(
                        new RootStore.NewRoot(new TrustDomain("cluster.local"), Duration.ofDays(3650), KeyKind.EC_P256),
                        NOW,
                        new SecureRandom());
    }

    @Test
    void aSecondStartHasTheSameRoot() throws IOException {
        assertThat(open().fingerprint()).isEqualTo(open().fingerprint());
    }

    @Test
    void nobodyElseMayReadKeyOrFolder() throws IOException {
        open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca/root-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyThatOthersCanReadIsNotUsed() throws IOException {
        open();
        Files.setPosixFilePermissions(folder.resolve("ca/root-key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("0600");
    }

    @Test
    void aKeyThatAVolumeGaveToTheGroupIsTakenBack() throws IOException {
        open();
        Path key = folder.resolve("ca/root-key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw----"));
        open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedRootIsNeverReplaced() throws IOException {
        open();
        Path certificate = folder.resolve("ca/root-cert.pem");
        Files.writeString(certificate, "damaged");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("root-cert.pem");
        assertThat(Files.readString(certificate)).isEqualTo("damaged");
    }

    @Test
    void aStartThatWasCutOffBeforeTheKeyIsBegunAnew() throws IOException {
        open();
        Files.delete(folder.resolve("ca/root-key.pem"));
        assertThat(open().fingerprint()).isEqualTo(open().fingerprint());
    }
}
