package io.flotilla.config.object;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;

/**
 * One object of a file, and what was found wrong with it.
 *
 * @param config   its content; without the parts that could not be read
 * @param problems all of them
 */
public record ParsedObject(Config<?> config, List<Diagnostic> problems) {
    public ParsedObject {
        problems = List.copyOf(problems);
    }

    /** No problem keeps it from being used. */
    public boolean valid() {
        return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
    }
}
