package io.flotilla.config.object;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file holds.
 *
 * @param objects  with a known kind and a name, valid or not, in the order of the file
 * @param problems that belong to none of them: broken documents, unknown kinds, missing names
 */
public record ParsedFile(List<ParsedObject> objects, List<Diagnostic> problems) {
    public ParsedFile {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** Some document could not be read, so that nobody knows whether it holds a certain object. */
    public boolean incomplete() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** Everything that was found, in the order of lines. */
    public List<Diagnostic> allProblems() {
        List<Diagnostic> all = new ArrayList<>(problems);
        objects.forEach(object -> all.addAll(object.problems()));
        all.sort(java.util.Comparator.comparingInt(problem -> problem.origin().line()));
        return List.copyOf(all);
    }
}
