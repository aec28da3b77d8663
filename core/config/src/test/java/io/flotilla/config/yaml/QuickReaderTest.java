package io.flotilla.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ObjectWriter;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read quickly is what the library reads; what the library refuses or warns of is left to it. */
class QuickReaderTest {
    private static final Path ROOT =
            Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden");
    private static final List<String> DOCUMENTS = documents();
    private static final List<String> JSON = json();

    private static final String[] PIECES = {
        "-", "- ", ":", ": ", " ", "  ", "\n", "\n  ", "\t", "\r", "#", " # c", "\"", "'", "''", "\\", "\\n", "\\u00e9",
        "{", "}", "[", "]", ",", "&a", "*a", "!t ", "|", ">", "%", "@", "`", "?", "? ", "~", "null", "True", "yes",
        "0o7", "0x1", "1_0", "-5", "--", ".5", "...", "\n...\n", "---", "\n---\n", "<<", "é", "\u2028", "\uFEFF", "=",
        "a: b", "- a: 1", "\n- x", "\nkey:", "key:\n", "{}", "[]", "{a: b}", "[c, d]", ", ", "{ ", " ]", "}: ", "- {",
        "- ["
    };

    private static final String[] OF_BRACES = {
        "{", "}", "[", "]", ",", ", ", ":", ": ", "a", "b c", "a: ", "k: v", ", x: 1", ", y", "-", "- ", "-1", "\"x\"",
        "'y'", "\"", "'", "''", "#", " # ", "*", "&x ", "!t ", "|", "?", "? ", "@", "%", "\\", "<<: ", "~", "null",
        "c:80", "d:/e", "a#b", " ", "  ", "\n", "\n  ", "{}", "[]", "[z]", "{p: q}", "1.5", "true", "(", "=", "$", "é"
    };

    private static List<String> documents() {
        List<String> documents = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(ROOT)) {
            for (Path file : walk.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                DocumentSplitter.split(Files.readString(file)).forEach(part -> documents.add(part.text()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    private static List<String> json() {
        ObjectReader reader = new ObjectReader(ReadOptions.DEFAULT);
        List<String> json = new ArrayList<>();
        for (String document : DOCUMENTS) {
            for (ParsedObject object : reader.read("a.yaml", document).objects()) {
                json.add(ObjectWriter.json(object.config(), object.rest()));
            }
        }
        return json;
    }

    private static boolean sameAsTheLibrary(String text) {
        YamlReader reader = new YamlReader();
        boolean quickly = false;
        for (DocumentSplitter.Part part : DocumentSplitter.split(text)) {
            YamlNode read = QuickReader.read(part.text(), part.firstLine(), YamlLimits.DEFAULT, new WordPool());
            if (read != null) {
                quickly = true;
                YamlFile expected = reader.readThoroughly("a.yaml", part.text());
                YamlNode moved = QuickReader.read(part.text(), 1, YamlLimits.DEFAULT, new WordPool());
                assertThat(expected.broken()).as(part.text()).isEmpty();
                assertThat(expected.documents()).as(part.text()).hasSize(1);
                assertThat(expected.documents().getFirst().problems())
                        .as(part.text())
                        .isEmpty();
                assertThat(moved)
                        .as(part.text())
                        .isEqualTo(expected.documents().getFirst().root());
            }
        }
        assertThat(reader.read("a.yaml", text)).as(text).isEqualTo(reader.readThoroughly("a.yaml", text));
        return quickly;
    }

    @Test
    void readsWhatTheLibraryReads() {
        assertThat(DOCUMENTS.stream().filter(QuickReaderTest::sameAsTheLibrary).count())
                .as("of " + DOCUMENTS.size())
                .isGreaterThan(DOCUMENTS.size() * 3L / 4);
        assertThat(JSON.stream().filter(QuickReaderTest::sameAsTheLibrary).count())
                .as("of " + JSON.size())
                .isGreaterThan(JSON.size() * 9L / 10);
    }

    @Property(tries = 4_000)
    void readsNothingElseWhereADocumentIsChanged(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> from = random.nextBoolean() ? DOCUMENTS : JSON;
        StringBuilder text = new StringBuilder(from.get(random.nextInt(from.size())));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
                default -> text.insert(at, lineOf(text, random.nextInt(text.length() + 1)));
            }
        }
        boolean unused = sameAsTheLibrary(text.toString());
    }

    private static String lineOf(StringBuilder text, int at) {
        int from = text.lastIndexOf("\n", at - 1) + 1;
        int to = text.indexOf("\n", at);
        return text.substring(Math.min(from, at), to < 0 ? text.length() : to + 1);
    }

    @Property(tries = 4_000)
    void readsNothingElseWherePiecesComeTogether(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "a:" : "a: 1\nb:\n");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        boolean unused = sameAsTheLibrary(text.toString());
    }

    @Property(tries = 4_000)
    void readsNothingElseInBraces(@ForAll long seed) {
        Random random = new Random(seed);
        boolean keyed = random.nextBoolean();
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "a: " : "a:\n- ");
        text.append(keyed ? "{k: " : "[");
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(OF_BRACES[random.nextInt(OF_BRACES.length)]);
        }
        text.append(keyed ? "}" : "]");
        boolean unused = sameAsTheLibrary(text + "\nb: c\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\nb: x y\nc: 'q: # r'\nd: \"\"\n",
                "---\na:\n- b: 1\n  c: 2\n- d\ne: 0x1F\n",
                "# first\n\na:\n  b:\n    - c: -1\n\n      d: v1.2/x\n    # between\n    - e: .5\n  f: True\n",
                "a: {b: 1, c: {d: x y}, e: []}\nf: [g, \"h, i\", 'j: k', {}, [1]]\n",
                "a:\n- {b: c:80, d: e/f}\n- []\n- [ x , y ]\n- { }\ng: {h: \"*\"}\n",
                "{\"a\": {}, \"b\": [],\n \"c\": [1, -2.5e3, true, null, \"x\\n\\\"\"]}\n",
                "\n\n{\"a\":{\"b\":[{\"c\":\"d\"}]}}"
            })
    void readsItself(String text) {
        assertThat(sameAsTheLibrary(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\na: 2\n",
                "{\"a\":1,\"a\":2}",
                "a:\n",
                "a: b\n  c\n",
                "a: |\n  x\n",
                "a: &x 1\nb: *x\n",
                "a: b # c\n",
                "a: {b: 1,\n  c: 2}\n",
                "a: {b}\n",
                "a: {b: 1,}\n",
                "a: {b: }\n",
                "a: {b: 1} # c\n",
                "a: {b: 1}: c\n",
                "a: {b: 1, b: 2}\n",
                "a: [b: c]\n",
                "a: [b, *]\n",
                "a: [b,, c]\n",
                "a: [b]]\n",
                "a: ['b''c']\n",
                "a: {\"b\": 1}\n",
                "a: [- b]\n",
                "a:\tb\n",
                "true: 1\n",
                "a: b: c\n",
                "- a\n",
                "a: é\n",
                "{\"a\":\"\\u0041\"}",
                "[1]",
                "x\n",
                "a: 'it''s'\n",
                "a:\n  - - b\n",
                "{\"a\":1,}",
                "a: 1\n b: 2\n"
            })
    void leavesToTheLibrary(String text) {
        assertThat(sameAsTheLibrary(text)).isFalse();
    }

    @Test
    void keepsTheLimits() {
        String deep = "{\"a\":".repeat(5) + "1" + "}".repeat(5);
        assertThat(QuickReader.read(deep, 1, new YamlLimits(100, 100, 100, 6), new WordPool()))
                .isNotNull();
        assertThat(QuickReader.read(deep, 1, new YamlLimits(100, 100, 100, 5), new WordPool()))
                .isNull();
        assertThat(QuickReader.read(deep, 1, new YamlLimits(100, 100, 11, 9), new WordPool()))
                .isNotNull();
        assertThat(QuickReader.read(deep, 1, new YamlLimits(100, 100, 10, 9), new WordPool()))
                .isNull();
        String lines = "a:\n  b:\n  - c: 1\n";
        assertThat(QuickReader.read(lines, 1, new YamlLimits(100, 100, 100, 5), new WordPool()))
                .isNotNull();
        assertThat(QuickReader.read(lines, 1, new YamlLimits(100, 100, 100, 4), new WordPool()))
                .isNull();
        for (YamlLimits limits : List.of(new YamlLimits(100, 100, 8, 5), new YamlLimits(100, 100, 7, 5))) {
            boolean fits =
                    new YamlReader(limits).readThoroughly("a", lines).broken().isEmpty();
            assertThat(QuickReader.read(lines, 1, limits, new WordPool()) != null)
                    .isEqualTo(fits);
        }
    }

    @Test
    void wordsAreInMemoryOnce() {
        WordPool words = new WordPool();
        assertThat(word("a: version\n", words)).isEqualTo("version").isSameAs(word("{\"b\":\"version\"}", words));
        assertThat(word("a: versiom\n", words)).isEqualTo("versiom");
    }

    private static String word(String text, WordPool words) {
        YamlNode root = QuickReader.read(text, 1, YamlLimits.DEFAULT, words);
        return root instanceof YamlNode.Mapping mapping
                        && mapping.entries().values().iterator().next().value() instanceof YamlNode.Text found
                ? found.value()
                : "";
    }
}
