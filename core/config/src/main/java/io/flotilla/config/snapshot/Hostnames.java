package io.flotilla.config.snapshot;

import java.util.Comparator;
import java.util.Optional;

/** The algebra of host names with a leading wildcard. */
public final class Hostnames {
    /** The most specific first: without wildcard before with, then the longer, then by alphabet. */
    public static final Comparator<String> MOST_SPECIFIC_FIRST = Comparator.comparing(
                    (String host) -> host.startsWith("*"))
            .thenComparing(Comparator.comparingInt(String::length).reversed())
            .thenComparing(Comparator.naturalOrder());

    private Hostnames() {}

    /** A name without a dot is a service of the namespace: "reviews" is "reviews.NAMESPACE.svc.DOMAIN". */
    public static String resolve(String host, String namespace, String domainSuffix) {
        boolean isShort = !host.isEmpty() && host.indexOf('.') < 0 && !host.startsWith("*");
        return isShort ? host + "." + namespace + ".svc." + domainSuffix : host;
    }

    /** Some name fits both. "*.foo.com" does not fit "foo.com". */
    public static boolean matches(String left, String right) {
        return subsetOf(left, right) || subsetOf(right, left);
    }

    /** Every name that fits {@code inner} fits {@code outer}. */
    public static boolean subsetOf(String inner, String outer) {
        if (!outer.startsWith("*")) {
            return inner.equals(outer);
        }
        int suffix = outer.length() - 1;
        // "*" alone stands for one character at least: "*.foo.com" is not ".foo.com".
        return inner.length() > suffix && inner.regionMatches(inner.length() - suffix, outer, 1, suffix);
    }

    /** The narrower of two patterns where one covers the other, else empty. */
    public static Optional<String> narrower(String one, String other) {
        if (subsetOf(other, one)) {
            return Optional.of(other);
        }
        return subsetOf(one, other) ? Optional.of(one) : Optional.empty();
    }
}
