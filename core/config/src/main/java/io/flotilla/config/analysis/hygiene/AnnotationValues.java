package io.flotilla.config.analysis.hygiene;

import io.flotilla.config.validate.Addresses;
import io.flotilla.config.validate.Names;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Whether the value of an annotation has the form that it must have. */
final class AnnotationValues {
    private static final int MAX_PORT = 65_535;

    private AnnotationValues() {}

    /** What is wrong with a value. */
    static Optional<String> problem(KnownAnnotation.Value form, String value) {
        return switch (form) {
            case TEXT -> Optional.empty();
            case BOOL -> unless(value.equals("true") || value.equals("false"), "must be \"true\" or \"false\"");
            case NUMBER -> unless(value.matches("[0-9]{1,9}"), "must be a whole number");
            case PORTS ->
                unless(
                        value.equals("*") || value.isBlank() || all(value, AnnotationValues::isPort),
                        "must be ports with commas between them, or \"*\"");
            case RANGES ->
                unless(
                        value.equals("*") || value.isBlank() || all(value, Addresses::isCidr),
                        "must be IP ranges (10.0.0.0/8) with commas between them, or \"*\"");
            case NAMESPACES ->
                unless(
                        all(
                                value,
                                each -> each.equals(".")
                                        || each.equals("*")
                                        || each.equals("~")
                                        || Names.isLabel(each)),
                        "must be namespaces, \".\" or \"*\"");
            case INTERCEPTION ->
                unless(Set.of("REDIRECT", "TPROXY", "NONE").contains(value), "must be REDIRECT, TPROXY or NONE");
        };
    }

    private static Optional<String> unless(boolean fits, String problem) {
        return fits ? Optional.empty() : Optional.of(problem);
    }

    private static boolean all(String list, Predicate<String> each) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).allMatch(each);
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX_PORT;
    }
}
