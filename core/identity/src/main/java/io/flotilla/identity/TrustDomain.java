package io.flotilla.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name under which identities are unique, such as {@code cluster.local}.
 *
 * @param name lower-case letters, digits, dot, dash and underscore, at most 255 (SPIFFE ID, section 2.1)
 */
public record TrustDomain(String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,255}");

    public TrustDomain {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("trust domain \"" + name + "\" is not a SPIFFE trust domain name");
        }
    }

    /** The trust domain of that name, empty where the name is none. */
    public static Optional<TrustDomain> parse(String name) {
        return NAME.matcher(name).matches() ? Optional.of(new TrustDomain(name)) : Optional.empty();
    }

    /** The SPIFFE id of the domain itself, which its signing certificates carry. */
    public String uri() {
        return "spiffe://" + name;
    }

    @Override
    public String toString() {
        return name;
    }
}
