package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The DestinationRules that hold for one host together: the oldest that has a traffic policy gives it, subsets are those of
 * all, of one name the oldest's.
 *
 * @param all oldest first; none where no rule holds
 */
public record RuleParts(List<Config<DestinationRule>> all) {
    /**
     * Where a subset is declared.
     *
     * @param index in that rule's own subsets
     */
    public record Declared(Config<DestinationRule> rule, int index) {
        /** The subset itself. */
        public Subset subset() {
            return rule.spec().getSubsets(index);
        }
    }

    public RuleParts {
        all = List.copyOf(all);
    }

    /** The declaration of a subset that counts. */
    public Optional<Declared> subset(String name) {
        for (Config<DestinationRule> rule : all) {
            for (int i = 0; i < rule.spec().getSubsetsCount(); i++) {
                if (rule.spec().getSubsets(i).getName().equals(name)) {
                    return Optional.of(new Declared(rule, i));
                }
            }
        }
        return Optional.empty();
    }

    /** The rule that gives the traffic policy; where none does, the oldest. */
    public Optional<Config<DestinationRule>> policy() {
        return all.stream()
                .filter(rule -> rule.spec().hasTrafficPolicy())
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    /** All as one rule, under the oldest's name; empty where there is none. */
    Optional<Config<DestinationRule>> merged() {
        if (all.size() < 2) {
            return all.stream().findFirst();
        }
        Config<DestinationRule> first = all.getFirst();
        DestinationRule.Builder merged = first.spec().toBuilder().clearSubsets();
        Set<String> names = new HashSet<>();
        for (Config<DestinationRule> rule : all) {
            for (Subset subset : rule.spec().getSubsetsList()) {
                if (names.add(subset.getName())) {
                    merged.addSubsets(subset);
                }
            }
            if (!merged.hasTrafficPolicy() && rule.spec().hasTrafficPolicy()) {
                merged.setTrafficPolicy(rule.spec().getTrafficPolicy());
            }
        }
        DestinationRule spec = merged.build();
        return Optional.of(new Config<>(
                first.key(),
                spec,
                first.labels(),
                first.annotations(),
                first.created(),
                ContentVersion.of(spec, first.labels(), first.annotations()),
                first.origin()));
    }
}
