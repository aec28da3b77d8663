package io.flotilla.config.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ParsedObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Folders of manifests: a valid-*.yaml has no finding above INFO; an invalid-*.yaml has those of its .txt, and no other.
 * {@code -Dgolden.update=true} writes the .txt files anew.
 */
class DocumentsTest {
    private static final boolean UPDATE = Boolean.parseBoolean(System.getProperty("golden.update"));
    /** Kinds for which the name of an object has a meaning. */
    private static final Pattern NAMED =
            Pattern.compile("kind: (RbacConfig|ClusterRbacConfig|Policy|MeshPolicy|instance)\\s");

    private static final int LEAST_VALID = 450;
    private static final int LEAST_INVALID = 700;

    @TestFactory
    Stream<DynamicTest> findsWhatIsWrongAndNothingElse() {
        List<Path> files = DocumentFolder.files();
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        DocumentFolder.ROOT.relativize(file).toString(), file.toUri(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".txt")) {
            assertThat(file.resolveSibling(name.replace(".txt", ".yaml"))).exists();
            return;
        }
        String found = DocumentFolder.findings(file);
        if (name.startsWith("valid-")) {
            assertThat(found).isEmpty();
            return;
        }
        assertThat(name).startsWith("invalid-");
        Path expected = file.resolveSibling(name.replace(".yaml", ".txt"));
        if (UPDATE) {
            Files.writeString(expected, found);
        }
        assertThat(found).isNotEmpty().isEqualTo(Files.readString(expected));
    }

    @Test
    void thereAreManyAndNoTwoDifferByNameAlone() {
        Map<String, String> valid = new HashMap<>();
        DocumentFolder.files("valid-", ".yaml").forEach(file -> collect(file, valid));
        Map<String, String> invalid = new HashMap<>();
        DocumentFolder.files("invalid-", ".yaml").forEach(file -> collect(file, invalid));
        assertThat(valid).hasSizeGreaterThanOrEqualTo(LEAST_VALID);
        assertThat(invalid).hasSizeGreaterThanOrEqualTo(LEAST_INVALID);
    }

    /** By content without the name, to where it stands. */
    private static void collect(Path file, Map<String, String> seen) {
        boolean classic = DocumentFolder.options(file).classic();
        String[] documents = DocumentFolder.text(file).split("(?m)^---.*$", -1);
        for (int i = 0; i < documents.length; i++) {
            boolean meant = NAMED.matcher(documents[i]).find();
            String content = (meant ? documents[i] : documents[i].replaceAll("\\bname: [a-z0-9-]+", "")).strip();
            if (content.isEmpty()) {
                continue;
            }
            String place = file.getFileName() + " document " + (i + 1);
            String other = seen.put(classic + content, place);
            assertThat(other).as("%s is %s by another name", place, other).isNull();
        }
    }

    @Test
    void whatIsValidIsReadWhole() {
        for (Path file : DocumentFolder.files("valid-", ".yaml")) {
            assertThat(DocumentFolder.read(file).objects()).allMatch(ParsedObject::valid);
        }
    }
}
