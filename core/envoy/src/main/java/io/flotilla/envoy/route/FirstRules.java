package io.flotilla.envoy.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which of many VirtualServices is the first for a host, without a look at all of them for each host. */
final class FirstRules {
    private record Ranked(int rank, String pattern, Config<VirtualService> rule) {}

    private final Map<String, Ranked> exact = new HashMap<>();
    private final List<Ranked> wildcards = new ArrayList<>();

    /** @param rules that are in force where the question is asked, the first first */
    FirstRules(List<Config<VirtualService>> rules, String domainSuffix) {
        int rank = 0;
        for (Config<VirtualService> rule : rules) {
            for (String name : rule.spec().getHostsList()) {
                String pattern = Hostnames.resolve(name, rule.namespace(), domainSuffix);
                Ranked ranked = new Ranked(rank, pattern, rule);
                if (pattern.startsWith("*")) {
                    wildcards.add(ranked);
                } else {
                    exact.putIfAbsent(pattern, ranked);
                }
            }
            rank++;
        }
    }

    Optional<Config<VirtualService>> of(String host) {
        Ranked named = exact.get(host);
        for (Ranked wildcard : wildcards) {
            if (named != null && named.rank() < wildcard.rank()) {
                break;
            }
            if (Hostnames.subsetOf(host, wildcard.pattern())) {
                return Optional.of(wildcard.rule());
            }
        }
        return Optional.ofNullable(named).map(Ranked::rule);
    }
}
