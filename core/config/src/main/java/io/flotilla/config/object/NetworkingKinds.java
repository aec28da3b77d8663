package io.flotilla.config.object;

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
import java.util.List;

/** networking.istio.io: routes, services beside the platform's, proxies. */
final class NetworkingKinds {
    private static final String[] VERSIONS = {"v1alpha3", "v1beta1", "v1"};

    private NetworkingKinds() {}

    static List<KnownKind> list() {
        return List.of(
                KnownKind.spec(Kind.VIRTUAL_SERVICE, VirtualService.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.DESTINATION_RULE, DestinationRule.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.GATEWAY, Gateway.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.SERVICE_ENTRY, ServiceEntry.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.SIDECAR, Sidecar.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.WORKLOAD_ENTRY, WorkloadEntry.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.WORKLOAD_GROUP, WorkloadGroup.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.ENVOY_FILTER, EnvoyFilter.getDefaultInstance(), VERSIONS),
                KnownKind.spec(Kind.PROXY_CONFIG, ProxyConfig.getDefaultInstance(), VERSIONS));
    }
}
