package io.flotilla.config.ownership;

import java.util.List;

/**
 * Whether claims hold, and what they are beside the annotations of namespaces.
 *
 * @param mode          what becomes of an object that captures a host of another namespace
 * @param rootNamespace whose objects hold for the whole mesh, and may name any host
 * @param domainSuffix  of services, "cluster.local"
 * @param claims        "NAMESPACE/HOST"; they come before annotations
 */
public record OwnershipOptions(Mode mode, String rootNamespace, String domainSuffix, List<String> claims) {
    /** Nobody claims anything. */
    public static final OwnershipOptions OFF =
            new OwnershipOptions(Mode.OFF, "istio-system", "cluster.local", List.of());

    /** How claims hold. */
    public enum Mode {
        /** They do not. */
        OFF,
        /** Whoever captures a claimed host is told. */
        WARN,
        /** An object that captures a claimed host is kept out. */
        ENFORCE
    }

    public OwnershipOptions {
        claims = List.copyOf(claims);
    }
}
