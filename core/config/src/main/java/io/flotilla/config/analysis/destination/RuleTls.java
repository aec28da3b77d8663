package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.schema.FieldPath;

/** The places where a DestinationRule says how connections to its host start TLS. */
final class RuleTls {
    private RuleTls() {}

    interface Visitor {
        /**
         * Settings, and where they stand.
         *
         * @param ofPort whether they are for one port alone
         */
        void visit(ClientTLSSettings tls, FieldPath at, boolean ofPort);
    }

    /** Those of the rule and of its subsets, each with those of its ports; unset ones too. */
    static void each(DestinationRule rule, Visitor visitor) {
        policy(rule.getTrafficPolicy(), Paths.SPEC.field("trafficPolicy"), visitor);
        for (int i = 0; i < rule.getSubsetsCount(); i++) {
            policy(
                    rule.getSubsets(i).getTrafficPolicy(),
                    Paths.item("subsets", i).field("trafficPolicy"),
                    visitor);
        }
    }

    private static void policy(TrafficPolicy policy, FieldPath at, Visitor visitor) {
        visitor.visit(policy.getTls(), at.field("tls"), false);
        for (int i = 0; i < policy.getPortLevelSettingsCount(); i++) {
            visitor.visit(
                    policy.getPortLevelSettings(i).getTls(),
                    at.field("portLevelSettings").item(i).field("tls"),
                    true);
        }
    }
}
