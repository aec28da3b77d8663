package io.flotilla.galley.webhook;

import io.flotilla.config.model.Diagnostic;
import java.util.List;
import java.util.stream.Collectors;

/** What comes of a review. */
sealed interface Verdict {
    /**
     * Nothing was judged, and nothing is in the way.
     *
     * @param unsupported the operation is one that nobody should ask us about
     */
    record Passed(String why, boolean unsupported) implements Verdict {}

    /** The object may come in. */
    record Accepted(List<Diagnostic> warnings) implements Verdict {}

    /** The object stays out. */
    record Refused(Cause cause, String object, List<Diagnostic> errors, List<Diagnostic> warnings) implements Verdict {
        /** All problems, one per line where there are several. */
        String message() {
            if (errors.size() == 1) {
                return object + ": " + text(errors.getFirst());
            }
            return object + " has " + errors.size() + " problems:\n"
                    + errors.stream().map(each -> "- " + text(each)).collect(Collectors.joining("\n"));
        }
    }

    /** Why an object stays out, by the name under which it is counted. */
    enum Cause {
        UNREADABLE("crd_conversion_error"),
        INVALID("invalid_resource"),
        UNSUPPORTED("unsupported_operation"),
        UNDECODABLE("yaml_decode_error");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** "spec.http[0].timeout: must be ... (FL0022)". */
    static String text(Diagnostic problem) {
        String path = problem.path().isEmpty() ? "" : problem.path() + ": ";
        return path + problem.message() + " (" + problem.code() + ")";
    }
}
