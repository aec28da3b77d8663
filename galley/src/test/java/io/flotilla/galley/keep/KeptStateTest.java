package io.flotilla.galley.keep;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptStateTest {
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    private static Generation at(long sequence) {
        return new Generation(5, Map.of("directory", sequence));
    }

    private static KeptDocument document(String name, String text) {
        return new KeptDocument(SourceName.DIRECTORY, name, text, "");
    }

    private void write(int changes) throws IOException {
        try (KeptState state = new KeptState(folder, warnings::add)) {
            state.snapshot(at(1), List.of(document("a", "one"), document("b", "two")));
            for (int i = 0; i < changes; i++) {
                state.append(new KeptChange(at(2 + i), List.of(document("a", "change " + i)), false));
            }
        }
    }

    private Seed load() throws IOException {
        try (KeptState state = new KeptState(folder, warnings::add)) {
            return state.load().orElseThrow();
        }
    }

    private Path file(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatWasKeptComesBackWithItsGeneration() throws IOException {
        write(2);
        assertThat(load().documents()).isEqualTo(Map.of(SourceName.DIRECTORY, Map.of("a", "change 1", "b", "two")));
        assertThat(load().generation()).isEqualTo(at(3));
        assertThat(warnings).isEmpty();
    }

    @Test
    void theLastGoodTextOfADocumentComesBackBesideItsText() throws IOException {
        try (KeptState state = new KeptState(folder, warnings::add)) {
            state.snapshot(at(1), List.of(new KeptDocument(SourceName.KUBERNETES, "a", "broken", "good")));
        }
        assertThat(load().lastGood()).isEqualTo(Map.of(SourceName.KUBERNETES, Map.of("a", "good")));
    }

    @Test
    void aJournalThatEndsWithinAFrameIsUsedUpToThere() throws IOException {
        write(2);
        Path journal = file("journal");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(load().documents().get(SourceName.DIRECTORY)).containsEntry("a", "change 0");
        assertThat(load().generation()).isEqualTo(at(2));
        assertThat(warnings).allSatisfy(warning -> assertThat(warning).contains("journal-1", "ends within a frame"));
    }

    @Test
    void aSnapshotWithAWrongByteIsSaidAndIgnored() throws IOException {
        write(1);
        Path snapshot = file("snapshot");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length - 9] ^= 0x20;
        Files.write(snapshot, bytes);
        try (KeptState state = new KeptState(folder, warnings::add)) {
            assertThat(state.load()).isEmpty();
        }
        assertThat(warnings).singleElement().asString().contains("snapshot-1", "a checksum is wrong");
    }

    /** Wherever a snapshot is cut: never half of a state, always a word about it. */
    @Test
    void aSnapshotThatIsCutAnywhereIsSaidAndIgnored() throws IOException {
        write(0);
        Path snapshot = file("snapshot");
        byte[] bytes = Files.readAllBytes(snapshot);
        for (int length = 0; length < bytes.length; length++) {
            warnings.clear();
            Files.write(snapshot, Arrays.copyOf(bytes, length));
            try (KeptState state = new KeptState(folder, warnings::add)) {
                assertThat(state.load()).isEmpty();
            }
            assertThat(warnings).hasSize(1);
        }
    }

    @Test
    void anUnfinishedSnapshotLeavesTheOneBeforeInForce() throws IOException {
        write(1);
        Files.writeString(folder.resolve("unfinished"), "cut off");
        Files.writeString(folder.resolve("journal-2"), "");
        assertThat(load().documents().get(SourceName.DIRECTORY)).containsEntry("a", "change 0");
    }

    @Test
    void theFolderStaysBoundedHoweverManyChangesCome() throws IOException {
        String text = "x".repeat(100_000);
        try (KeptState state = new KeptState(folder, warnings::add)) {
            for (int i = 0; i < 300; i++) {
                KeptDocument now = document("a", text + i);
                if (state.snapshotDue()) {
                    state.snapshot(at(i), List.of(now));
                } else {
                    state.append(new KeptChange(at(i), List.of(now), false));
                }
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(6L << 20);
        }
        assertThat(load().documents().get(SourceName.DIRECTORY)).containsEntry("a", text + 299);
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        write(1);
        assertThat(Files.getPosixFilePermissions(file("journal")).size()).isEqualTo(2);
        assertThat(Files.getPosixFilePermissions(folder)).hasSize(3);
    }
}
