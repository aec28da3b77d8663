package io.flotilla.mesh.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path home;

    private Path jar;
    private ClassArchive archive;

    @BeforeEach
    void build() throws IOException {
        jar = Components.jar(home, "galley");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(BUILT));
        archive = ClassArchive.of(home, "galley");
    }

    @Test
    void withoutOneAServiceStartsAsItIs() {
        assertThat(archive.isCurrent()).isFalse();
        assertThat(archive.use()).isEmpty();
    }

    @Test
    void whatAServiceWroteIsUsedOnceItIsWhole() throws IOException {
        String option = archive.write().getFirst();
        Path unfinished = Path.of(option.substring("-XX:ArchiveClassesAtExit=".length()));
        Files.writeString(unfinished, "classes");
        assertThat(archive.use()).isEmpty();

        assertThat(archive.keep()).isTrue();
        assertThat(unfinished).doesNotExist();
        assertThat(archive.use()).contains("-XX:SharedArchiveFile=" + jar.resolveSibling("classes.jsa"));
    }

    @Test
    void aNewBuildIsNotStartedFromAnOldArchive() throws IOException {
        Path file = Files.writeString(jar.resolveSibling("classes.jsa"), "classes");
        Files.setLastModifiedTime(file, FileTime.from(BUILT.minusSeconds(1)));
        assertThat(archive.use()).isEmpty();

        Files.setLastModifiedTime(file, FileTime.from(BUILT));
        assertThat(archive.use()).isNotEmpty();
    }

    @Test
    void aServiceThatWroteNothingLeavesNothing() throws IOException {
        assertThat(archive.keep()).isFalse();
    }
}
