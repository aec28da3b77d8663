package io.flotilla.config.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, reading it ends soon, with diagnostics and not with an exception. */
class HostileInputTest {
    private static final List<String> SEEDS = seeds();
    private static final String PIECES = "{}[]:,-#&*!|>'\"%@`? \n\t\\~<=0123456789abcxyz.\u0000\uFEFF\uD800é";

    private static List<String> seeds() {
        Path root = Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/validation");
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(HostileInputTest::text)
                    .filter(text -> text.length() < 6_000)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 1_500)
    void mutilatedManifestsAreReadToTheEnd(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int i = 1 + random.nextInt(6); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                case 2 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(80))));
            }
        }
        MeshFolder folder = MeshFolder.read(Map.of("m.yaml", text.toString()));
        // Whatever was accepted can be asked about.
        folder.snapshot()
                .services()
                .forEach(service -> service.ports()
                        .forEach(port -> assertThat(folder.snapshot().endpoints(service, port.number()))
                                .isNotNull()));
    }

    @Test
    void depthSizeAndNumbersAreBounded() {
        ObjectReader reader = new ObjectReader(ReadOptions.DEFAULT);
        for (String text : List.of(
                "[".repeat(200_000),
                "{a: ".repeat(100_000),
                "- ".repeat(100_000),
                "a: " + "9".repeat(1_000_000),
                "a: &a [*a]",
                "x".repeat(9_000_000),
                "? [a]\n: b",
                "a: !!binary x\nb: !custom {c: d}",
                "<<: 1")) {
            ParsedFile file = reader.read("t.yaml", text);
            assertThat(file.objects()).isEmpty();
            assertThat(file.problems()).isNotEmpty();
        }
    }

    @Test
    void aliasesDoNotMultiply() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, alias))));
        }
        long begin = System.nanoTime();
        ParsedFile file = new ObjectReader(ReadOptions.DEFAULT).read("t.yaml", bomb.toString());
        assertThat(file.objects()).isEmpty();
        assertThat(file.problems()).anyMatch(problem -> problem.message().contains("nodes, aliases expanded"));
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }

    @Test
    void regularExpressionsAreBounded() {
        for (String regex : List.of("a".repeat(1_025), "((a{100}){100}){100}", "(a")) {
            ParsedFile file = new ObjectReader(ReadOptions.DEFAULT).read("t.yaml", """
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: v}
                    spec:
                      hosts: [h]
                      http: [{match: [{uri: {regex: "%s"}}], route: [{destination: {host: h}}]}]
                    """.formatted(regex));
            assertThat(file.allProblems())
                    .as(regex)
                    .anyMatch(problem -> problem.severity() == Diagnostic.Severity.ERROR);
        }
    }
}
