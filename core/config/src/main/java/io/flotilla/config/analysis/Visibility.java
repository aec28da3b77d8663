package io.flotilla.config.analysis;

import java.util.List;

/** Who sees an object that is exported. */
public final class Visibility {
    private Visibility() {}

    /** A namespace sees an object of {@code owner} that is exported to these; to all where nothing is said. */
    public static boolean sees(List<String> exportTo, String owner, String namespace) {
        return owner.equals(namespace) || exportTo.isEmpty() || exportTo.contains("*") || exportTo.contains(namespace);
    }

    /** Some namespace sees both. */
    public static boolean overlap(List<String> left, String leftOwner, List<String> right, String rightOwner) {
        return sees(left, leftOwner, rightOwner)
                || sees(right, rightOwner, leftOwner)
                || left.stream().anyMatch(each -> !each.equals(".") && !each.equals("~") && right.contains(each));
    }
}
