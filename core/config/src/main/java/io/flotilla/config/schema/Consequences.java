package io.flotilla.config.schema;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import java.util.List;

/** Tells problems from what only follows from others: a weight that could not be read is no missing weight. */
public final class Consequences {
    private static final String UNKNOWN_FIELD = "FL0010";

    private Consequences() {}

    /** The {@code found} problems that do not come from fields that could not be read. */
    public static List<Diagnostic> without(List<Diagnostic> found, List<Diagnostic> unreadable) {
        List<Diagnostic> causes = unreadable.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .toList();
        return found.stream()
                .filter(problem -> causes.stream().noneMatch(cause -> explains(cause, problem.path())))
                .toList();
    }

    /** The place is the unreadable field, or around it; or beside it, where a name was misspelt. */
    private static boolean explains(Diagnostic cause, String path) {
        return isWithin(cause.path(), path)
                || (cause.code().equals(UNKNOWN_FIELD) && parent(cause.path()).equals(parent(path)));
    }

    private static boolean isWithin(String inner, String outer) {
        return inner.startsWith(outer)
                && (inner.length() == outer.length()
                        || outer.isEmpty()
                        || ".[".indexOf(inner.charAt(outer.length())) >= 0);
    }

    private static String parent(String path) {
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return end < 0 ? "" : path.substring(0, end);
    }
}
