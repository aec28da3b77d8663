package io.flotilla.config.analysis;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** DestinationRules by their host. */
public final class Rules {
    private final Map<String, List<Config<DestinationRule>>> byHost = new HashMap<>();

    Rules(Mesh mesh) {
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            String host = Hostnames.resolve(
                    rule.spec().getHost(), rule.namespace(), mesh.settings().domainSuffix());
            byHost.computeIfAbsent(host, each -> new ArrayList<>(1)).add(rule);
        }
    }

    /** Rules of exactly these hosts, sorted. */
    public SortedMap<String, List<Config<DestinationRule>>> byHost() {
        return new TreeMap<>(byHost);
    }

    /** Rules for a full host, also by wildcards, the most specific host first. */
    public List<Config<DestinationRule>> covering(String host) {
        List<Config<DestinationRule>> rules = new ArrayList<>(byHost.getOrDefault(host, List.of()));
        for (String wildcard : Hosts.covering(host)) {
            if (!wildcard.equals(host)) {
                rules.addAll(byHost.getOrDefault(wildcard, List.of()));
            }
        }
        return rules;
    }

    /** Some rule that the client's namespace sees defines this subset of a full host. */
    public Optional<Subset> subset(String host, String name, String client) {
        return covering(host).stream()
                .filter(rule -> Visibility.sees(rule.spec().getExportToList(), rule.namespace(), client))
                .flatMap(rule -> rule.spec().getSubsetsList().stream())
                .filter(subset -> subset.getName().equals(name))
                .findFirst();
    }
}
