package io.flotilla.galley.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces are read, by their labels, in the notation of kubectl: "mesh=on,env in (test,live),!private".
 *
 * @param requirements all must hold; none: every namespace is read
 */
record NamespaceSelector(List<Requirement> requirements) {
    static final NamespaceSelector ALL = new NamespaceSelector(List.of());

    private static final String KEY = "[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?";
    private static final Pattern SET = Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUAL = Pattern.compile("(" + KEY + ")\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)");
    private static final Pattern THERE = Pattern.compile("(!?)\\s*(" + KEY + ")");
    private static final int SET_OPERATOR = 3;
    private static final int SET_VALUES = 4;

    NamespaceSelector {
        requirements = List.copyOf(requirements);
    }

    /**
     * @param values what the label may be; null: it only has to be there
     * @param not    turns it round: another value or none
     */
    record Requirement(String label, @Nullable Set<String> values, boolean not) {
        boolean holds(Map<String, String> labels) {
            String value = labels.get(label);
            boolean found = values == null ? value != null : value != null && values.contains(value);
            return found != not;
        }
    }

    boolean selects(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }

    /** Empty where the text is no selector. */
    static Optional<NamespaceSelector> parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",(?![^(]*\\))", -1)) {
            if (part.isBlank() && text.isBlank()) {
                return Optional.of(ALL);
            }
            Optional<Requirement> requirement = requirement(part.strip());
            if (requirement.isEmpty()) {
                return Optional.empty();
            }
            requirements.add(requirement.get());
        }
        return Optional.of(new NamespaceSelector(requirements));
    }

    private static Optional<Requirement> requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            Set<String> values = Set.of(set.group(SET_VALUES).strip().split("\\s*,\\s*", -1));
            return Optional.of(new Requirement(
                    set.group(1), values, set.group(SET_OPERATOR).equals("notin")));
        }
        Matcher equal = EQUAL.matcher(text);
        if (equal.matches()) {
            boolean not = equal.group(SET_OPERATOR).equals("!=");
            return Optional.of(new Requirement(equal.group(1), Set.of(equal.group(SET_VALUES)), not));
        }
        Matcher there = THERE.matcher(text);
        return there.matches()
                ? Optional.of(
                        new Requirement(there.group(2), null, !there.group(1).isEmpty()))
                : Optional.empty();
    }
}
