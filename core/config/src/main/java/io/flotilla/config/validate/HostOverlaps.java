package io.flotilla.config.validate;

import io.flotilla.config.snapshot.Hostnames;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Hosts of one object, one after the other: which of them say the same. A host costs what its length asks. */
final class HostOverlaps {
    private final Set<String> hosts = new HashSet<>();
    /** By their letters from the end, so that those below a wildcard stand together. */
    private final NavigableSet<String> reversed = new TreeSet<>();

    /** An earlier host that is this one, covers it or is covered by it; where there is none, this one is added. */
    Optional<String> add(String host) {
        Optional<String> other =
                hosts.contains(host) ? Optional.of(host) : above(host).or(() -> below(host));
        if (hosts.add(host)) {
            reversed.add(reverse(host));
        }
        return other;
    }

    private Optional<String> above(String host) {
        for (int from = host.startsWith("*") ? 1 : 0; from <= host.length(); from++) {
            String wildcard = "*" + host.substring(from);
            if (hosts.contains(wildcard) && Hostnames.subsetOf(host, wildcard)) {
                return Optional.of(wildcard);
            }
        }
        return Optional.empty();
    }

    private Optional<String> below(String host) {
        if (!host.startsWith("*")) {
            return Optional.empty();
        }
        String letters = reverse(host.substring(1));
        for (String each : reversed.tailSet(letters, true)) {
            if (!each.startsWith(letters)) {
                return Optional.empty();
            }
            if (each.length() > letters.length()) {
                return Optional.of(reverse(each));
            }
        }
        return Optional.empty();
    }

    private static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }
}
