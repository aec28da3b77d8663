package io.flotilla.config.object;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;

/** Tells problems from what only follows from others: a weight that could not be read is no missing weight. */
final class Consequences {
    private Consequences() {}

    /** The {@code found} problems whose place is not around one that could not be read. */
    static List<Diagnostic> without(List<Diagnostic> found, List<Diagnostic> unreadable) {
        List<String> places = unreadable.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(problem -> around(problem.path()))
                .toList();
        return found.stream()
                .filter(problem -> places.stream()
                        .noneMatch(place -> place.startsWith(problem.path())
                                || problem.path().startsWith(place)))
                .toList();
    }

    /** The enclosing object of a field. */
    private static String around(String path) {
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf("[\""));
        return end < 0 ? path : path.substring(0, end);
    }
}
