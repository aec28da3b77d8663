package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.config.model.Kind;

/** The rules of networking.istio.io. */
final class NetworkingRules {
    private NetworkingRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.VIRTUAL_SERVICE, VirtualService.class, VirtualServiceRules::check);
        rules.add(Kind.DESTINATION_RULE, DestinationRule.class, DestinationRuleRules::check);
        rules.add(Kind.GATEWAY, Gateway.class, GatewayRules::check);
        rules.add(Kind.SERVICE_ENTRY, ServiceEntry.class, ServiceEntryRules::check);
        rules.add(Kind.SIDECAR, Sidecar.class, SidecarRules::check);
        rules.add(Kind.WORKLOAD_ENTRY, WorkloadEntry.class, WorkloadRules::entry);
        rules.add(Kind.WORKLOAD_GROUP, WorkloadGroup.class, WorkloadRules::group);
        rules.add(Kind.ENVOY_FILTER, EnvoyFilter.class, EnvoyFilterRules::check);
        rules.add(Kind.PROXY_CONFIG, ProxyConfig.class, ProxyConfigRules::check);
    }
}
