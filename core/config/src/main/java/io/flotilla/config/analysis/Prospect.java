package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A mesh into which an object is about to come: what analysis would find of this object. Dear to make and cheap to ask,
 * since most checks are shown the one object alone. For any thread, and for one at a time.
 */
public final class Prospect {
    private static final int LIMIT = 20;

    private final Mesh mesh;

    private Prospect(Mesh mesh) {
        this.mesh = mesh;
    }

    /** The mesh as it is; costs what its objects cost. */
    public static Prospect of(AnalysisInput input) {
        return new Prospect(new Mesh(input));
    }

    /**
     * Tells what would be found of an object, errors and warnings, one check after the other, those first that cost the
     * least.
     *
     * @param recent configuration that is on its way into the mesh
     * @param found  is told of each finding
     * @param more   asked before each check; false ends it
     */
    public void about(
            Config<?> object, Collection<Config<?>> recent, Consumer<Diagnostic> found, BooleanSupplier more) {
        List<Config<?>> coming = new ArrayList<>(recent);
        coming.add(object);
        Mesh next = mesh.with(coming);
        Mesh alone = next.only(object);
        for (boolean one : new boolean[] {true, false}) {
            for (Check check : Checks.ALL) {
                if (check.looksAtOne() == one) {
                    if (!more.getAsBoolean()) {
                        return;
                    }
                    run(check, one ? alone : next, object, found);
                }
            }
        }
    }

    private static void run(Check check, Mesh mesh, Config<?> object, Consumer<Diagnostic> found) {
        if (check.entries().stream().allMatch(entry -> entry.severity() == Severity.INFO)) {
            return;
        }
        Findings findings = new Findings(LIMIT, config -> config.key().equals(object.key()));
        check.run(mesh, findings);
        findings.found().stream()
                .filter(each -> each.entry().severity() != Severity.INFO)
                .filter(each -> Analyzer.wanted(each, AnalysisOptions.DEFAULT))
                .forEach(each -> found.accept(Analyzer.diagnostic(each, Positions.OF_OBJECTS)));
    }
}
