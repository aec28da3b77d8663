package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * VirtualServices in their order, the first first, and which of them are for a host. Another state of a rule, for the
 * same hosts, costs a copy of references.
 */
final class RankedRules {
    private final List<Config<VirtualService>> rules;
    private final Ranks ranks;
    private volatile @Nullable Set<String> callerLabels;

    /**
     * Where rules stand, which stays while they are for the same hosts.
     *
     * @param byKey    of each rule
     * @param byHost   of those that name a host without wildcard, rising
     * @param patterns of those that name one with a wildcard, rising
     */
    private record Ranks(
            Map<ObjectKey, Integer> byKey,
            Map<String, List<Integer>> byHost,
            List<Map.Entry<Integer, String>> patterns) {
        static Ranks of(List<Config<VirtualService>> rules, String domainSuffix) {
            Ranks ranks = new Ranks(new HashMap<>(), new HashMap<>(), new ArrayList<>());
            for (int rank = 0; rank < rules.size(); rank++) {
                Config<VirtualService> rule = rules.get(rank);
                ranks.byKey.put(rule.key(), rank);
                for (String name : rule.spec().getHostsList()) {
                    String host = Hostnames.resolve(name, rule.namespace(), domainSuffix);
                    if (host.startsWith("*")) {
                        ranks.patterns.add(Map.entry(rank, host));
                    } else {
                        ranks.byHost
                                .computeIfAbsent(host, each -> new ArrayList<>(1))
                                .add(rank);
                    }
                }
            }
            return ranks;
        }

        Set<Integer> about(String host) {
            Set<Integer> found = new TreeSet<>(byHost.getOrDefault(host, List.of()));
            for (Map.Entry<Integer, String> pattern : patterns) {
                if (Hostnames.subsetOf(host, pattern.getValue())) {
                    found.add(pattern.getKey());
                }
            }
            return found;
        }
    }

    RankedRules(List<Config<VirtualService>> rules, String domainSuffix) {
        this(rules, Ranks.of(rules, domainSuffix), null);
    }

    private RankedRules(List<Config<VirtualService>> rules, Ranks ranks, @Nullable Set<String> callerLabels) {
        this.rules = Collections.unmodifiableList(rules);
        this.ranks = ranks;
        this.callerLabels = callerLabels;
    }

    List<Config<VirtualService>> all() {
        return rules;
    }

    /** Those that are for a host, by its name or by a wildcard. */
    List<Config<VirtualService>> about(String host) {
        return at(ranks.about(host));
    }

    /** Those of these keys. */
    List<Config<VirtualService>> of(Set<ObjectKey> keys) {
        Set<Integer> found = new TreeSet<>();
        for (ObjectKey key : keys) {
            Integer rank = ranks.byKey.get(key);
            if (rank != null) {
                found.add(rank);
            }
        }
        return at(found);
    }

    private List<Config<VirtualService>> at(Set<Integer> found) {
        List<Config<VirtualService>> all = new ArrayList<>(found.size());
        found.forEach(rank -> all.add(rules.get(rank)));
        return all;
    }

    /** Names of the labels of callers that some rule compares. */
    Set<String> callerLabels() {
        Set<String> known = callerLabels;
        if (known == null) {
            known = CallerLabels.of(rules);
            callerLabels = known;
        }
        return known;
    }

    /** These with other states of some, each for the same hosts as before. */
    RankedRules with(Collection<Config<VirtualService>> others) {
        List<Config<VirtualService>> all = new ArrayList<>(rules);
        Set<String> known = callerLabels;
        for (Config<VirtualService> other : others) {
            Integer rank = ranks.byKey.get(other.key());
            if (rank != null) {
                Config<VirtualService> before = all.set(rank, other);
                // A label that one rule does not compare any more may still be another's.
                known = known != null && CallerLabels.of(List.of(before)).equals(CallerLabels.of(List.of(other)))
                        ? known
                        : null;
            }
        }
        return new RankedRules(all, ranks, known);
    }
}
