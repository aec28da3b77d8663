package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/analysis.md is made from the catalogue and from the lists of what Istio and Kiali find, so that it cannot differ
 * from what the code does; {@code -Dgolden.update=true} writes it anew.
 */
class AnalysisPageTest {
    private static final boolean UPDATE = Boolean.parseBoolean(System.getProperty("golden.update"));
    private static final String BEGIN = "<!-- made by AnalysisPageTest from here -->";

    /** One code of theirs: what it is called, and why there is none of ours for it. */
    private record Theirs(String code, String title, Optional<String> reason) {}

    @Test
    void everythingThatIstioAndKialiFindIsFoundOrLeftOutForAReason() throws IOException {
        for (Theirs theirs : Stream.concat(read("istio.txt").stream(), read("kiali.txt").stream())
                .toList()) {
            boolean found = !Catalogue.answering(theirs.code()).isEmpty();
            assertThat(found)
                    .as(theirs.code() + " has either a code or a reason")
                    .isEqualTo(theirs.reason().isEmpty());
        }
    }

    @Test
    void theCatalogueNamesNoCodeThatTheyDoNotHave() throws IOException {
        TreeSet<String> known = new TreeSet<>();
        read("istio.txt").forEach(each -> known.add(each.code()));
        read("kiali.txt").forEach(each -> known.add(each.code()));

        assertThat(Catalogue.all())
                .flatExtracting(entry -> Stream.concat(entry.istio().stream(), entry.kiali().stream())
                        .toList())
                .allSatisfy(code -> assertThat(known).contains(code));
    }

    @Test
    void everyEntryIsOneParagraphThatSaysWhatToDo() {
        assertThat(Catalogue.all()).allSatisfy(entry -> {
            assertThat(entry.code()).matches("FA[0-9]{4}");
            assertThat(entry.title()).hasSizeBetween(15, 110).doesNotEndWith(".");
            assertThat(entry.explanation())
                    .hasSizeBetween(100, 700)
                    .endsWith(".")
                    .doesNotContain("\n", "  ");
        });
        assertThat(Catalogue.all()).extracting(Entry::title).doesNotHaveDuplicates();
    }

    @Test
    void thePageIsThatOfTheCatalogue() throws IOException {
        Path page = Path.of(System.getProperty("flotilla.root"), "docs/analysis.md");
        String text = Files.readString(page);
        assertThat(text).contains(BEGIN);
        String expected = text.substring(0, text.indexOf(BEGIN)) + BEGIN + "\n\n" + page();
        if (UPDATE) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder("## Codes\n\n| code | severity | finding | Istio | Kiali |\n");
        page.append("| --- | --- | --- | --- | --- |\n");
        for (Entry entry : Catalogue.all()) {
            page.append("| [" + entry.code() + "](#" + entry.code().toLowerCase(Locale.ROOT) + ") | " + severity(entry)
                    + " | " + entry.title() + " | " + String.join(" ", entry.istio()) + " | "
                    + String.join(" ", entry.kiali()) + " |\n");
        }
        page.append("\n## What they mean\n");
        for (Entry entry : Catalogue.all()) {
            page.append("\n### " + entry.code() + "\n" + capital(entry.title()) + ". " + entry.explanation() + "\n");
        }
        page.append("\n## Istio's messages\n\n").append(table(read("istio.txt")));
        page.append("\n## Kiali's validations\n\n").append(table(read("kiali.txt")));
        return page.toString();
    }

    private static String table(List<Theirs> all) {
        StringBuilder table = new StringBuilder("| theirs | about | here |\n| --- | --- | --- |\n");
        for (Theirs theirs : all) {
            String ours =
                    Catalogue.answering(theirs.code()).stream().map(Entry::code).collect(Collectors.joining(", "));
            table.append("| " + theirs.code() + " | " + theirs.title() + " | "
                    + theirs.reason().map(reason -> "left out: " + reason).orElse(ours) + " |\n");
        }
        return table.toString();
    }

    private static List<Theirs> read(String name) throws IOException {
        List<Theirs> all = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(AnalysisPageTest.class.getResourceAsStream("/analysis/" + name), name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    int code = line.indexOf(' ');
                    int reason = line.indexOf(" - ");
                    all.add(new Theirs(
                            line.substring(0, code),
                            reason < 0 ? line.substring(code + 1) : line.substring(code + 1, reason),
                            reason < 0 ? Optional.empty() : Optional.of(line.substring(reason + 3))));
                }
            }
        }
        return all;
    }

    private static String severity(Entry entry) {
        return entry.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String capital(String title) {
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }
}
