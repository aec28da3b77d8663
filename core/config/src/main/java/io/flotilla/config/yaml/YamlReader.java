package io.flotilla.config.yaml;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2, and so JSON. Documents are cut apart before they are parsed (a line that starts with "---" can be
 * nothing else), so that a broken one does not take the others with it. What most of them are made of is read by
 * {@link QuickReader}, the rest by the library.
 */
public final class YamlReader {
    /** What decoders put in the place of bytes that are no UTF-8. */
    private static final char NO_CHARACTER = '\uFFFD';

    private static final int LEAST_BUFFER = 128;

    private final YamlLimits limits;
    private final WordPool words = new WordPool();

    public YamlReader(YamlLimits limits) {
        this.limits = limits;
    }

    public YamlReader() {
        this(YamlLimits.DEFAULT);
    }

    /** All documents of a file; {@code file} is what diagnostics call it. */
    public YamlFile read(String file, String text) {
        return read(file, text, true);
    }

    /** The same by the library alone. */
    YamlFile readThoroughly(String file, String text) {
        return read(file, text, false);
    }

    private YamlFile read(String file, String text, boolean quickly) {
        List<YamlFile.Document> documents = new ArrayList<>();
        List<Diagnostic> diagnostics = new ArrayList<>();
        if (text.length() > limits.characters()) {
            diagnostics.add(broken(
                    file,
                    1,
                    "file of " + text.length() + " characters is larger than the limit of " + limits.characters()));
            return new YamlFile(documents, diagnostics);
        }
        for (DocumentSplitter.Part part : DocumentSplitter.split(text)) {
            int size = part.text().length();
            int broken = part.text().indexOf(NO_CHARACTER);
            if (size > limits.document()) {
                diagnostics.add(broken(
                        file,
                        part.firstLine(),
                        "document of " + size + " characters is larger than the limit of " + limits.document()));
            } else if (broken >= 0) {
                int line = (int) part.text()
                        .substring(0, broken)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
                diagnostics.add(broken(
                        file,
                        part.firstLine() + line,
                        "holds U+FFFD, which stands for bytes that are no UTF-8: save the file as UTF-8"));
            } else {
                YamlNode root = quickly ? QuickReader.read(part.text(), part.firstLine(), limits, words) : null;
                if (root == null) {
                    readPart(file, part, documents, diagnostics);
                } else {
                    documents.add(new YamlFile.Document(root, List.of()));
                }
            }
        }
        return new YamlFile(documents, diagnostics);
    }

    private void readPart(
            String file, DocumentSplitter.Part part, List<YamlFile.Document> documents, List<Diagnostic> diagnostics) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(limits.characters() + 1)
                .setUseMarks(true)
                // Read at once: a window that grows copies what it has again and again.
                .setBufferSize(Math.max(LEAST_BUFFER, part.text().length() + 2))
                .build();
        TreeComposer composer = new TreeComposer(file, part.firstLine(), limits);
        try {
            composer.compose(new Parse(settings).parseString(part.text()).iterator(), documents);
        } catch (MarkedYamlEngineException e) {
            int line = line(e) + part.firstLine();
            diagnostics.add(broken(file, line, "broken YAML: " + problem(e)));
        } catch (YamlEngineException e) {
            diagnostics.add(
                    broken(file, part.firstLine(), "broken YAML: " + firstLine(String.valueOf(e.getMessage()))));
        } catch (TreeComposer.TooMuch e) {
            diagnostics.add(broken(file, e.line(), e.getMessage()));
        }
    }

    /** Where the problem shows; but what is never closed is best looked for where it opens. */
    private static int line(MarkedYamlEngineException e) {
        Optional<Mark> opened = e.getContextMark();
        boolean unclosed = String.valueOf(e.getProblem()).contains("stream end") && opened.isPresent();
        return (unclosed ? opened : e.getProblemMark()).map(Mark::getLine).orElse(0);
    }

    private static String problem(MarkedYamlEngineException e) {
        String problem = firstLine(e.getProblem());
        String context = e.getContext();
        return context == null || context.isBlank() ? problem : problem + " " + firstLine(context);
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static Diagnostic broken(String file, int line, String message) {
        return new Diagnostic(Severity.ERROR, "FL0001", new Origin(file, line), "", "", message);
    }
}
