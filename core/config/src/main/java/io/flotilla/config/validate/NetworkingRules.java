package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Kind;

/** The rules of networking.istio.io. */
final class NetworkingRules {
    private NetworkingRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.VIRTUAL_SERVICE, VirtualService.class, VirtualServiceRules::check);
        rules.add(Kind.DESTINATION_RULE, DestinationRule.class, DestinationRuleRules::check);
        rules.add(Kind.GATEWAY, Gateway.class, GatewayRules::check);
        rules.add(Kind.SERVICE_ENTRY, ServiceEntry.class, ServiceEntryRules::check);
    }
}
