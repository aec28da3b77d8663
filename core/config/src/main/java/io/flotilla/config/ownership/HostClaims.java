package io.flotilla.config.ownership;

import io.flotilla.config.snapshot.Hostnames;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All claims of a mesh, at most one per host. Immutable. A question costs what the host's length asks, however many
 * claims there are.
 */
public final class HostClaims {
    public static final HostClaims NONE = new HostClaims(Map.of());

    private final Map<String, HostClaim> byHost;
    /** By the host's letters from its end, so that those below a wildcard stand together. */
    private final NavigableMap<String, HostClaim> reversed = new TreeMap<>();

    private HostClaims(Map<String, HostClaim> byHost) {
        this.byHost = byHost;
        byHost.forEach((host, claim) -> reversed.put(reverse(host), claim));
    }

    /** These claims; of several for one host the first holds. */
    static HostClaims of(Collection<HostClaim> claims) {
        Map<String, HostClaim> byHost = new HashMap<>();
        claims.forEach(claim -> byHost.putIfAbsent(claim.host(), claim));
        return byHost.isEmpty() ? NONE : new HostClaims(byHost);
    }

    public boolean isEmpty() {
        return byHost.isEmpty();
    }

    /** The claims, sorted by host. */
    public Collection<HostClaim> all() {
        return new TreeMap<>(byHost).values();
    }

    /**
     * The claim of another namespace that an object would capture. The most specific claim around a host decides who
     * has it: its owner may also use a wildcard with smaller claims of others inside, who keep what is theirs by being
     * more specific. A wildcard that nobody claimed captures every claim inside.
     */
    public Optional<HostClaim> captured(String host, String namespace) {
        Optional<HostClaim> around = around(host);
        if (around.isPresent()) {
            return around.filter(claim -> !claim.namespace().equals(namespace));
        }
        return host.startsWith("*") ? inside(host, namespace) : Optional.empty();
    }

    /** The smallest claim that has all of the host. */
    private Optional<HostClaim> around(String host) {
        HostClaim exact = byHost.get(host);
        if (exact != null) {
            return Optional.of(exact);
        }
        String letters = host.startsWith("*") ? host.substring(1) : host;
        for (int from = 0; from <= letters.length(); from++) {
            HostClaim claim = byHost.get("*" + letters.substring(from));
            if (claim != null && Hostnames.subsetOf(host, claim.host())) {
                return Optional.of(claim);
            }
        }
        return Optional.empty();
    }

    private Optional<HostClaim> inside(String wildcard, String namespace) {
        String prefix = reverse(wildcard.substring(1));
        return reversed.tailMap(prefix, true).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .filter(claim -> Hostnames.subsetOf(claim.host(), wildcard))
                .filter(claim -> !claim.namespace().equals(namespace))
                .findFirst();
    }

    private static String reverse(String host) {
        return new StringBuilder(host).reverse().toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostClaims claims && claims.byHost.equals(byHost);
    }

    @Override
    public int hashCode() {
        return byHost.hashCode();
    }
}
