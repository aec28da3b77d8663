package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.Set;

/** What a DestinationRule must be. */
final class DestinationRuleRules {
    private DestinationRuleRules() {}

    static void check(Config<DestinationRule> config, Check check) {
        DestinationRule rule = config.spec();
        FieldPath at = Check.spec();
        if (rule.getHost().isEmpty()) {
            check.error("FL0201", at.field("host"), "is required");
        } else {
            check.wildcardHost(rule.getHost(), "FL0201", at.field("host"));
        }
        check.exportTo(rule.getExportToList(), at.field("exportTo"));
        TrafficPolicyRules policies = new TrafficPolicyRules(check);
        if (rule.hasTrafficPolicy()) {
            policies.check(rule.getTrafficPolicy(), at.field("trafficPolicy"));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rule.getSubsetsCount(); i++) {
            Subset subset = rule.getSubsets(i);
            FieldPath place = at.field("subsets").item(i);
            if (subset.getName().isEmpty()) {
                check.error("FL0203", place.field("name"), "is required");
            } else {
                check.require(
                        Names.isLabel(subset.getName()),
                        "FL0203",
                        place.field("name"),
                        "\"" + subset.getName() + "\" is no subset name: lower case letters, digits and \"-\"");
                check.require(
                        names.add(subset.getName()),
                        "FL0203",
                        place.field("name"),
                        "\"" + subset.getName() + "\" is given twice");
            }
            check.labels(subset.getLabelsMap(), place.field("labels"));
            if (subset.hasTrafficPolicy()) {
                policies.check(subset.getTrafficPolicy(), place.field("trafficPolicy"));
            }
        }
    }
}
