package io.flotilla.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Kubernetes service account. Its parts have the form that Kubernetes asks of them, so that no name can be mistaken
 * for another part of a SPIFFE id.
 *
 * @param namespace an RFC 1123 label
 * @param name      an RFC 1123 subdomain
 */
public record ServiceAccount(String namespace, String name) implements Comparable<ServiceAccount> {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    public ServiceAccount {
        if (!valid(namespace, name)) {
            throw new IllegalArgumentException(
                    "\"" + namespace + "/" + name + "\" is not the name of a service account");
        }
    }

    /** The account of that name, empty where namespace or name are not well formed. */
    public static Optional<ServiceAccount> parse(String namespace, String name) {
        return valid(namespace, name) ? Optional.of(new ServiceAccount(namespace, name)) : Optional.empty();
    }

    private static boolean valid(String namespace, String name) {
        return LABEL.matcher(namespace).matches() && SUBDOMAIN.matcher(name).matches() && !name.contains("..");
    }

    @Override
    public int compareTo(ServiceAccount other) {
        int order = namespace.compareTo(other.namespace);
        return order == 0 ? name.compareTo(other.name) : order;
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
