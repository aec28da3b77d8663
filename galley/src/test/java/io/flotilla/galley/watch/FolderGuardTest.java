package io.flotilla.galley.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.source.HeldDeletions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FolderGuardTest {
    private static final Path ROOT = Path.of("/config");
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration AFTER = Duration.ofSeconds(30);

    private final FolderGuard guard = new FolderGuard(AFTER);

    private static Set<Path> files(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ROOT.resolve(i + ".yaml"))
                .collect(Collectors.toSet());
    }

    private Set<Path> deleted(Set<Path> missing, int known, Duration later) {
        return guard.deleted(ROOT, false, known, missing, NOW.plus(later));
    }

    @Test
    void afewFilesAndHalfOfThemAreDeletedAtOnce() {
        assertThat(deleted(files(0, 9), 9, Duration.ZERO)).hasSize(9);
        assertThat(deleted(files(0, 50), 100, Duration.ofSeconds(1))).hasSize(50);
        assertThat(guard.held()).isEmpty();
    }

    @Test
    void moreThanHalfAreHeldUntilTheyAreStillGoneLater() {
        assertThat(deleted(files(0, 51), 100, Duration.ZERO)).isEmpty();
        assertThat(guard.held()).extracting(HeldDeletions::of).containsExactly(ROOT.toString());
        assertThat(deleted(files(0, 51), 100, AFTER.minusMillis(1))).isEmpty();
        assertThat(deleted(files(0, 51), 100, AFTER)).hasSize(51);
        assertThat(guard.held()).isEmpty();
    }

    @Test
    void whatComesBackIsNotDeletedAndTheRestGoesOnWaiting() {
        deleted(files(0, 60), 100, Duration.ZERO);
        assertThat(deleted(files(0, 20), 100, Duration.ofSeconds(5))).isEmpty();
        assertThat(guard.held(ROOT)).isEqualTo(files(0, 20));
        assertThat(deleted(files(0, 20), 100, AFTER)).isEqualTo(files(0, 20));
        deleted(files(20, 100), 80, AFTER);
        assertThat(guard.held()).hasSize(1);
        assertThat(deleted(Set.of(), 80, AFTER.plusSeconds(1))).isEmpty();
        assertThat(guard.held()).isEmpty();
    }

    @Test
    void whatGoesWhileSomethingWaitsWaitsWithIt() {
        deleted(files(0, 60), 100, Duration.ZERO);
        assertThat(deleted(files(0, 61), 100, Duration.ofSeconds(1))).isEmpty();
        assertThat(deleted(files(0, 61), 100, AFTER)).hasSize(61);
    }

    @Test
    void aFolderThatIsEmptiedFileByFileInAMomentLosesOnlyTheFirst() {
        for (int i = 0; i < 8; i++) {
            assertThat(deleted(files(i, i + 1), 12 - i, Duration.ofMillis(i * 20L)))
                    .hasSize(1);
        }
        assertThat(deleted(files(8, 10), 4, Duration.ofMillis(180))).isEmpty();
        assertThat(guard.held(ROOT)).hasSize(2);
    }

    @Test
    void filesThatAreDeletedOneByOneByHandAreDeleted() {
        for (int i = 0; i < 12; i++) {
            assertThat(deleted(files(i, i + 1), 12 - i, Duration.ofMillis(i * 300L)))
                    .hasSize(1);
        }
    }

    @Test
    void anotherDirectoryUnderTheNameIsNotBelievedHoweverFewTheFiles() {
        assertThat(guard.deleted(ROOT, true, 3, files(0, 3), NOW)).isEmpty();
        assertThat(guard.held(ROOT)).hasSize(3);
        assertThat(guard.deleted(ROOT, true, 3, files(0, 1), NOW.plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void theOperatorsWordCountsAtOnce() {
        deleted(files(0, 60), 100, Duration.ZERO);
        List<HeldDeletions> held = guard.held();
        guard.confirm(held.getFirst());
        assertThat(deleted(files(0, 60), 100, Duration.ofMillis(1))).hasSize(60);
    }
}
