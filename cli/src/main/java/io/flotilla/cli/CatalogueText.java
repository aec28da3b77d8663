package io.flotilla.cli;

import io.flotilla.config.analysis.Catalogue;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.model.Diagnostic;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The catalogue of findings, for people and for programs. */
final class CatalogueText {
    private CatalogueText() {}

    /** All codes. */
    static void list(CommandSpec spec, OutputOption output) {
        if (output.json()) {
            output.printJson(
                    spec, Catalogue.all().stream().map(CatalogueText::json).toList());
            return;
        }
        Table table = new Table("CODE", "SEVERITY", "TITLE", "ISTIO", "KIALI");
        Catalogue.all()
                .forEach(entry -> table.row(
                        entry.code(),
                        severity(entry),
                        entry.title(),
                        String.join(",", entry.istio()),
                        String.join(",", entry.kiali())));
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
    }

    /** What one code means. */
    static int explain(CommandSpec spec, OutputOption output, String code) {
        List<Entry> entries = Catalogue.answering(code.toUpperCase(Locale.ROOT));
        if (entries.isEmpty()) {
            throw CommandFailure.no("there is no code \"" + code + "\"; \"flotilla analyze --list\" shows all");
        }
        if (output.json()) {
            output.printJson(spec, entries.stream().map(CatalogueText::json).toList());
        } else {
            entries.forEach(entry -> spec.commandLine()
                    .getOut()
                    .println(entry.code() + " " + severity(entry) + ": " + entry.title() + related(entry) + "\n\n"
                            + wrapped(entry.explanation()) + "\n"));
        }
        return ExitCode.DONE;
    }

    /** One finding. */
    static Map<String, Object> json(Diagnostic finding) {
        Map<String, Object> json = ValidateCommand.json(finding);
        Catalogue.find(finding.code()).ifPresent(entry -> {
            json.put("istio", entry.istio());
            json.put("kiali", entry.kiali());
        });
        return json;
    }

    private static Map<String, Object> json(Entry entry) {
        return new java.util.TreeMap<>(Map.of(
                "code", entry.code(),
                "severity", severity(entry),
                "title", entry.title(),
                "explanation", entry.explanation(),
                "istio", entry.istio(),
                "kiali", entry.kiali()));
    }

    private static String related(Entry entry) {
        List<String> all = java.util.stream.Stream.concat(entry.istio().stream(), entry.kiali().stream())
                .toList();
        return all.isEmpty() ? "" : " (" + String.join(", ", all) + ")";
    }

    private static String severity(Entry entry) {
        return entry.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String wrapped(String text) {
        StringBuilder wrapped = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + word.length() >= 100) {
                wrapped.append('\n');
                column = 0;
            } else if (column > 0) {
                wrapped.append(' ');
            }
            wrapped.append(word);
            column += word.length() + 1;
        }
        return wrapped.toString();
    }
}
