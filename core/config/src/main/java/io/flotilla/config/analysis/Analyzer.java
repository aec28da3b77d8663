package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Validation across objects: what is wrong with a mesh although each of its objects is valid. */
public final class Analyzer {
    static final Entry LEFT_OUT = Entry.info("FA0001", "more findings of one code than are shown", """
            One code was found more often than the limit allows, so the rest was counted and not listed. Repair those
            that are shown, or the one cause that they have in common, and analyse again; a narrower namespace shows
            fewer.""");

    private static final Comparator<Diagnostic> ORDER = Comparator.comparing(
                    (Diagnostic finding) -> finding.origin().file())
            .thenComparingInt(finding -> finding.origin().line())
            .thenComparing(Diagnostic::object)
            .thenComparing(Diagnostic::code)
            .thenComparing(Diagnostic::path)
            .thenComparing(Diagnostic::message);

    private Analyzer() {}

    /** Everything that is found, in the order of files and lines. */
    public static List<Diagnostic> analyze(AnalysisInput input) {
        return analyze(input, AnalysisOptions.DEFAULT);
    }

    /** What is found and wanted, in the order of files and lines. */
    public static List<Diagnostic> analyze(AnalysisInput input, AnalysisOptions options) {
        Findings findings = new Findings(options.limitPerCode());
        Mesh mesh = new Mesh(input);
        Checks.ALL.forEach(check -> check.run(mesh, findings));
        List<Diagnostic> diagnostics = new ArrayList<>();
        for (Findings.Finding finding : findings.found()) {
            if (wanted(finding, options)) {
                diagnostics.add(diagnostic(finding, input.positions()));
            }
        }
        diagnostics.sort(ORDER);
        findings.leftOut()
                .forEach((code, count) -> diagnostics.add(new Diagnostic(
                        LEFT_OUT.severity(),
                        LEFT_OUT.code(),
                        Origin.NONE,
                        "",
                        "",
                        count + " more findings of " + code + " are not shown")));
        return List.copyOf(diagnostics);
    }

    static boolean wanted(Findings.Finding finding, AnalysisOptions options) {
        return !Suppression.annotated(finding.entry(), finding.config())
                && options.suppressions().stream().noneMatch(each -> each.covers(finding.entry(), finding.config()));
    }

    static Diagnostic diagnostic(Findings.Finding finding, Positions positions) {
        Config<?> config = finding.config();
        return new Diagnostic(
                finding.entry().severity(),
                finding.entry().code(),
                new Origin(config.origin().file(), positions.line(config, finding.at())),
                config.key().toString(),
                finding.at().toString(),
                finding.message());
    }
}
