package io.flotilla.policy;

import java.util.Optional;

/** The parts of "spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT". */
record SpiffeName(String domain, String namespace, String account) {
    static final String SCHEME = "spiffe://";
    private static final int PARTS = 5;

    /** Nothing where an identity is of another form. */
    static Optional<SpiffeName> parse(String identity) {
        if (!identity.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = identity.substring(SCHEME.length()).split("/", -1);
        boolean whole = parts.length == PARTS
                && parts[1].equals("ns")
                && parts[3].equals("sa")
                && !parts[0].isEmpty()
                && !parts[2].isEmpty()
                && !parts[4].isEmpty();
        return whole ? Optional.of(new SpiffeName(parts[0], parts[2], parts[4])) : Optional.empty();
    }

    /** Of any identity with a path. */
    static Optional<String> domain(String identity) {
        int slash = identity.indexOf('/', SCHEME.length());
        return identity.startsWith(SCHEME) && slash > SCHEME.length()
                ? Optional.of(identity.substring(SCHEME.length(), slash))
                : Optional.empty();
    }
}
