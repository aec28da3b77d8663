package io.flotilla.config.object;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;

/**
 * One object of a file, and what was found wrong with it.
 *
 * @param config   its content; without the parts that could not be read
 * @param rest     what else it has; of a manifest that is read as it is, nothing, for the content has it
 * @param problems all of them
 */
public record ParsedObject(Config<?> config, Rest rest, List<Diagnostic> problems) {
    public ParsedObject {
        problems = List.copyOf(problems);
    }

    /** No problem keeps it from being used. */
    public boolean valid() {
        return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
    }
}
