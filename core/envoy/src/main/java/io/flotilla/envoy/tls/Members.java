package io.flotilla.envoy.tls;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whose identities are members.
 *
 * @param own    the mesh's trust domain under all its names
 * @param others trust domains of other meshes, each of which has its own roots
 */
public record Members(List<String> own, List<String> others) {
    public Members {
        own = List.copyOf(own);
        others = others.stream()
                .filter(Predicate.not(Set.copyOf(own)::contains))
                .distinct()
                .toList();
    }

    /** All trust domains that are let in. */
    public List<String> domains() {
        return Stream.concat(own.stream(), others.stream()).toList();
    }

    /** Whether members of other meshes are among them. */
    public boolean federated() {
        return !others.isEmpty();
    }
}
