package io.flotilla.config.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names of the mesh's trust domain. A principal that names one of them stands for the same principal under all of
 * them, so that a mesh can change its trust domain without touching policies.
 *
 * @param own     the mesh's
 * @param aliases other names
 */
public record TrustDomains(String own, List<String> aliases) {
    /** Stands for the mesh's own trust domain, whatever that is. */
    private static final String LOCAL = "cluster.local";

    private static final int PARTS = 5;

    public TrustDomains {
        aliases = List.copyOf(aliases);
    }

    List<String> all() {
        return Stream.concat(Stream.of(own), aliases.stream()).distinct().toList();
    }

    /** Principals "DOMAIN/ns/NAMESPACE/sa/ACCOUNT" under every name of their domain; others as they are. */
    public List<String> expand(List<String> principals) {
        List<String> expanded = new ArrayList<>();
        for (String principal : principals) {
            int slash = principal.indexOf('/');
            String domain = slash < 0 ? "" : principal.substring(0, slash);
            boolean whole = principal.split("/", -1).length == PARTS;
            if (whole && (domain.equals(LOCAL) || all().contains(domain))) {
                all().forEach(name -> expanded.add(name + principal.substring(slash)));
            } else {
                expanded.add(principal);
            }
        }
        return expanded.stream().distinct().toList();
    }

    /** The same for trust domains alone. */
    List<String> expandDomains(List<String> domains) {
        return domains.stream()
                .flatMap(domain -> domain.equals(LOCAL) || all().contains(domain) ? all().stream() : Stream.of(domain))
                .distinct()
                .toList();
    }
}
