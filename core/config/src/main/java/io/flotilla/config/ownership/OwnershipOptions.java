package io.flotilla.config.ownership;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import java.util.ArrayList;
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

    /** These, and what MeshConfig asks for: the stricter mode, the claims of both, these first. */
    OwnershipOptions with(MeshConfig.Ownership mesh) {
        Mode asked = switch (mesh.getMode()) {
            case WARN -> Mode.WARN;
            case ENFORCE -> Mode.ENFORCE;
            case MODE_UNSPECIFIED, OFF, UNRECOGNIZED -> Mode.OFF;
        };
        List<String> all = new ArrayList<>(claims);
        all.addAll(mesh.getClaimsList());
        return new OwnershipOptions(asked.compareTo(mode) > 0 ? asked : mode, rootNamespace, domainSuffix, all);
    }

    public OwnershipOptions {
        claims = List.copyOf(claims);
    }
}
