package io.flotilla.config.analysis;

import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Services by the names under which objects refer to them. */
public final class Hosts {
    private final String domainSuffix;
    private final Map<String, List<MeshService>> exact = new HashMap<>();
    private final Map<String, List<MeshService>> wildcards = new HashMap<>();
    private final Map<String, List<MeshService>> below = new HashMap<>();

    Hosts(MeshSnapshot snapshot) {
        this.domainSuffix = snapshot.settings().domainSuffix();
        for (MeshService service : snapshot.services()) {
            String host = service.hostname();
            Map<String, List<MeshService>> index = host.startsWith("*") ? wildcards : exact;
            index.computeIfAbsent(host, each -> new ArrayList<>(1)).add(service);
            for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
                below.computeIfAbsent(host.substring(dot), suffix -> new ArrayList<>(1))
                        .add(service);
            }
        }
    }

    /** A short name made full. */
    public String full(String host, String namespace) {
        return Hostnames.resolve(host, namespace, domainSuffix);
    }

    /** The service of a host as seen from a namespace, whose own comes first; also by a wildcard that covers it. */
    public Optional<MeshService> find(String host, String namespace) {
        String full = full(host, namespace);
        Optional<MeshService> found = visible(exact.getOrDefault(full, List.of()), namespace);
        if (found.isPresent()) {
            return found;
        }
        for (String wildcard : covering(full)) {
            found = visible(wildcards.getOrDefault(wildcard, List.of()), namespace);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Some service that the namespace sees has this name, or a name that fits this wildcard. */
    public boolean known(String host, String namespace) {
        if (find(host, namespace).isPresent()) {
            return true;
        }
        return host.startsWith("*")
                && (host.equals("*")
                        || visible(below.getOrDefault(host.substring(1), List.of()), namespace)
                                .isPresent());
    }

    /** The services of exactly this host, whoever sees them. */
    public List<MeshService> named(String host) {
        return exact.getOrDefault(host, wildcards.getOrDefault(host, List.of()));
    }

    /** Wildcards that cover a host, the longest first: "*.b.c" and "*.c" for "a.b.c". Also the host if it is one. */
    public static List<String> covering(String host) {
        List<String> wildcards = new ArrayList<>();
        if (host.startsWith("*")) {
            wildcards.add(host);
        }
        int from = host.startsWith("*.") ? 2 : 0;
        for (int dot = host.indexOf('.', from); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            wildcards.add("*" + host.substring(dot));
        }
        wildcards.add("*");
        return wildcards;
    }

    private static Optional<MeshService> visible(List<MeshService> services, String namespace) {
        MeshService first = null;
        for (MeshService service : services) {
            if (service.exportTo().contains("*") || service.exportTo().contains(namespace)) {
                if (service.namespace().equals(namespace)) {
                    return Optional.of(service);
                }
                first = first == null ? service : first;
            }
        }
        return Optional.ofNullable(first);
    }
}
