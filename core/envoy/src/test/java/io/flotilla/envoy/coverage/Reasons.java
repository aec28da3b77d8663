package io.flotilla.envoy.coverage;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.envoy.coverage.Probe.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why fields are not translated, and that it is so: lines "PATH: REASON" of a file, and what validation says of fields
 * that have no effect.
 */
final class Reasons {
    private static final String NO_EFFECT = "FL0027";
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+Test\\b");
    private static final Set<String> TESTS = tests();

    private final NavigableMap<String, String> lines = new TreeMap<>();

    /** Lines "PATH: REASON"; a path that ends in ".*" stands for all below it and for itself. */
    static Reasons read(Path file) throws IOException {
        Reasons reasons = new Reasons();
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(": ");
            if (colon > 0
                    && !line.startsWith("#")
                    && reasons.lines.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
                throw new AssertionError("twice: " + line);
            }
        }
        return reasons;
    }

    Set<String> paths() {
        return lines.keySet();
    }

    /** The reason for this field, or for something that it is in; null for none. */
    @Nullable
    String of(Message kind, String field) {
        String path = kind.getDescriptorForType().getName() + "." + field;
        String exact = lines.get(path);
        String above = path + ".";
        while (exact == null && above.contains(".")) {
            above = above.substring(0, above.lastIndexOf('.'));
            exact = lines.get(above + ".*");
        }
        return exact == null ? told(kind, field).orElse(null) : exact;
    }

    /** What a user is told who sets a field without effect. */
    static Optional<String> told(Message kind, String field) {
        return Probe.of(kind, field).stream()
                .filter(said ->
                        said.diagnostic().code().equals(NO_EFFECT) && (field + ".").startsWith(said.field() + "."))
                .findFirst()
                .map(said -> "said (" + NO_EFFECT + "): "
                        + said.diagnostic().message().replace("has no effect: ", ""));
    }

    /** What is wrong with a line: a reason is a test's to show, or the user is told it. */
    Optional<String> unproved(Message kind, String path) {
        String reason = lines.getOrDefault(path, "");
        String field = path.replace(".*", "");
        field = field.substring(field.indexOf('.') + 1);
        if (reason.startsWith("a name for people")) {
            return Optional.empty();
        }
        if (reason.startsWith("refused: ")) {
            return said(kind, field, Severity.ERROR) ? Optional.empty() : Optional.of(path + " is not refused");
        }
        if (reason.startsWith("said (FA0801): ")) {
            return deprecated(kind.getDescriptorForType(), field)
                    ? Optional.empty()
                    : Optional.of(path + " is not deprecated");
        }
        if (reason.startsWith("said: ")) {
            return said(kind, field, Severity.WARNING) ? Optional.empty() : Optional.of(path + " is silent");
        }
        return TEST.matcher(reason).results().map(MatchResult::group).anyMatch(TESTS::contains)
                ? Optional.empty()
                : Optional.of(path + ": no test, and nobody is told");
    }

    private static boolean said(Message kind, String field, Severity severity) {
        for (Said said : Probe.of(kind, field)) {
            if (said.field().equals(field) && said.diagnostic().severity() == severity) {
                return true;
            }
        }
        return false;
    }

    private static boolean deprecated(Descriptor kind, String path) {
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        FieldDescriptor field = kind.getFields().stream()
                .filter(each -> each.getJsonName().equals(name))
                .findFirst()
                .orElseThrow();
        return dot < 0
                ? field.getOptions().getDeprecated()
                : deprecated(field.getMessageType(), path.substring(dot + 1));
    }

    private static Set<String> tests() {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("flotilla.root")), 14)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
