package io.flotilla.config.derive;

import java.util.Optional;

/** Who owns hosts, as translation asks it of each host at which an object of another API wants to be served. */
@FunctionalInterface
public interface Owners {
    /** Nobody owns anything. */
    Owners NONE = (host, namespace) -> Optional.empty();

    /**
     * A host of another namespace.
     *
     * @param message whose it is, and what to do
     * @param refused the object must not have it; else its author is told
     */
    record Captured(String message, boolean refused) {}

    /** What an object of a namespace would capture of others by a host, with or without wildcard. */
    Optional<Captured> captured(String host, String namespace);
}
