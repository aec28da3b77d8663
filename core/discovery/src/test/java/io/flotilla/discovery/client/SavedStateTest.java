package io.flotilla.discovery.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read is what was written last, or, of a file that was cut or spoilt, what was written before. */
class SavedStateTest {
    private static final int EDITS = 300;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Map<String, String>> types = new TreeMap<>(Map.of(
            "CDS", new TreeMap<>(Map.of("a", "1")), "EDS", new TreeMap<>(), "RDS", new TreeMap<>(Map.of("r", "1"))));

    private View edit(long sequence) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            Map<String, String> resources = new ArrayList<>(types.values()).get(random.nextInt(types.size()));
            String name = "n" + random.nextInt(20);
            if (random.nextInt(3) == 0) {
                resources.remove(name);
            } else {
                resources.put(name, Integer.toString(random.nextInt(1000)));
            }
        }
        return Views.view(
                sequence,
                types.entrySet().stream()
                        .map(type -> type.getKey() + " "
                                + type.getValue().entrySet().stream()
                                        .map(each -> each.getKey() + "=" + each.getValue())
                                        .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("; ")));
    }

    private static Map<String, Object> told(View view) {
        Map<String, Object> told = new TreeMap<>(Map.of("generation", view.generation()));
        view.types().forEach((url, set) -> told.put(url, set.resources()));
        return told;
    }

    private Map<String, Object> read(Path directory) {
        return told(new SavedState(directory).read().orElseThrow());
    }

    @Test
    void whatIsReadIsWhatWasWrittenLast() throws IOException {
        SavedState saved = new SavedState(folder);
        for (int i = 0; i < EDITS; i++) {
            View view = edit(i);
            saved.write(view);
            assertThat(read(folder)).as("seed %d, edit %d", seed, i).isEqualTo(told(view));
            if (random.nextInt(50) == 0) {
                saved = new SavedState(folder);
            }
        }
        assertThat(folder.resolve("mesh.log")).as("changes are kept as such").isNotEmptyFile();
    }

    @Test
    void aFileThatWasCutOrSpoiltSaysWhatWasWrittenBefore() throws IOException {
        SavedState saved = new SavedState(folder);
        List<Map<String, Object>> written = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        Path log = folder.resolve("mesh.log");
        for (int i = 0; i < 20; i++) {
            View view = edit(i);
            saved.write(view);
            written.add(told(view));
            ends.add(Files.exists(log) ? Files.size(log) : 0);
        }
        byte[] whole = Files.readAllBytes(log);
        for (int i = 0; i < EDITS; i++) {
            int at = random.nextInt(whole.length);
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(log, i % 2 == 0 ? bytes : Arrays.copyOf(whole, at));
            int good = (int) ends.stream().filter(end -> end <= at).count();
            assertThat(read(folder)).as("seed %d, byte %d", seed, at).isEqualTo(written.get(good - 1));
        }
    }

    @Test
    void changesOfAnotherWholeStateAreNotTaken() throws IOException {
        SavedState saved = new SavedState(folder);
        saved.write(Views.view(1, "CDS a=1"));
        saved.write(Views.view(2, "CDS a=2 b=1"));
        Path log = folder.resolve("mesh.log");
        Path kept = Files.copy(log, folder.resolve("kept"), StandardCopyOption.REPLACE_EXISTING);
        saved = new SavedState(folder);
        saved.write(Views.view(3, "CDS c=1"));
        assertThat(log).doesNotExist();
        Files.copy(kept, log);
        assertThat(read(folder)).isEqualTo(told(Views.view(3, "CDS c=1")));
    }

    @Test
    void changesThatCannotBeAppendedMakeTheWholeBeWritten() throws IOException {
        SavedState saved = new SavedState(folder);
        saved.write(Views.view(1, "CDS a=1"));
        saved.write(Views.view(2, "CDS a=2"));
        Files.delete(folder.resolve("mesh.log"));
        try {
            saved.write(Views.view(3, "CDS a=3"));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("mesh.log");
        }
        saved.write(Views.view(4, "CDS a=4"));
        assertThat(read(folder)).isEqualTo(told(Views.view(4, "CDS a=4")));
    }

    @Test
    void changesAreNeverMuchLargerThanTheWhole() throws IOException {
        SavedState saved = new SavedState(folder);
        String name = "x".repeat(10_000);
        ResourceSet last = ResourceSet.EMPTY;
        for (int i = 0; i < 100; i++) {
            last = Views.set(name + "=" + i);
            saved.write(new View(Views.generation(i), Map.of(Views.typeUrl("CDS"), last)));
        }
        assertThat(folder.resolve("mesh.log").toFile().length()).isLessThan(300_000);
        assertThat(new SavedState(folder)
                        .read()
                        .orElseThrow()
                        .type(Views.typeUrl("CDS"))
                        .resources())
                .isEqualTo(last.resources());
    }
}
