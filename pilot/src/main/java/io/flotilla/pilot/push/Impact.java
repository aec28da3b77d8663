package io.flotilla.pilot.push;

import io.flotilla.config.model.Kind;
import io.flotilla.envoy.ResourceType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which resources can differ after objects of some kinds have changed. */
final class Impact {
    private static final Set<ResourceType> ALL = EnumSet.allOf(ResourceType.class);
    private static final Set<ResourceType> TRAFFIC =
            EnumSet.of(ResourceType.CLUSTER, ResourceType.ENDPOINT, ResourceType.ROUTE, ResourceType.LISTENER);

    // What servers take decides how clients speak, too.
    private static final Set<ResourceType> SERVERS =
            EnumSet.of(ResourceType.LISTENER, ResourceType.CLUSTER, ResourceType.ENDPOINT);

    private static final Map<Kind, Set<ResourceType>> BY_KIND = Map.ofEntries(
            Map.entry(Kind.VIRTUAL_SERVICE, EnumSet.of(ResourceType.ROUTE, ResourceType.LISTENER)),
            Map.entry(Kind.GATEWAY, EnumSet.of(ResourceType.ROUTE, ResourceType.LISTENER)),
            // By what is imported, an extension's module is fetched through one cluster or another.
            Map.entry(Kind.SIDECAR, ALL),
            Map.entry(Kind.DESTINATION_RULE, TRAFFIC),
            Map.entry(Kind.PEER_AUTHENTICATION, SERVERS),
            Map.entry(Kind.REQUEST_AUTHENTICATION, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.KEY_SET, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.POLICY, SERVERS),
            Map.entry(Kind.MESH_POLICY, SERVERS),
            Map.entry(Kind.AUTHORIZATION_POLICY, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.CLUSTER_RBAC_CONFIG, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.RBAC_CONFIG, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.SERVICE_ROLE, EnumSet.of(ResourceType.LISTENER)),
            Map.entry(Kind.SERVICE_ROLE_BINDING, EnumSet.of(ResourceType.LISTENER)),
            // Listeners and inbound clusters, by the ports that stand behind a service's.
            Map.entry(
                    Kind.REGISTRY_ENDPOINT_SLICE,
                    EnumSet.of(ResourceType.ENDPOINT, ResourceType.CLUSTER, ResourceType.LISTENER)),
            Map.entry(
                    Kind.REGISTRY_WORKLOAD,
                    EnumSet.of(ResourceType.ENDPOINT, ResourceType.CLUSTER, ResourceType.LISTENER)),
            Map.entry(Kind.REGISTRY_NODE, EnumSet.noneOf(ResourceType.class)),
            Map.entry(
                    Kind.WASM_PLUGIN, EnumSet.of(ResourceType.EXTENSION, ResourceType.LISTENER, ResourceType.CLUSTER)),
            // Listeners only where open connections are to be closed.
            Map.entry(Kind.REVOCATION, EnumSet.of(ResourceType.EXTENSION, ResourceType.LISTENER)));

    private Impact() {}

    /** The types to translate again; a kind that is not known here touches all. */
    static Set<ResourceType> of(Set<Kind> changed) {
        EnumSet<ResourceType> types = EnumSet.noneOf(ResourceType.class);
        changed.forEach(kind -> types.addAll(BY_KIND.getOrDefault(kind, ALL)));
        return types;
    }

    /** The types for a proxy whose clusters follow routes or Gateways: of a Sidecar, or between networks. */
    static Set<ResourceType> imported(Set<ResourceType> types) {
        EnumSet<ResourceType> more = EnumSet.copyOf(types);
        more.addAll(EnumSet.of(ResourceType.CLUSTER, ResourceType.ENDPOINT, ResourceType.EXTENSION));
        return more;
    }

    /**
     * Whether proxies may have another view than before: their labels or ports come from the registry, and a policy may
     * choose one replica by a label that the others do not have.
     */
    static boolean movesProxies(Set<Kind> changed) {
        return changed.stream()
                .anyMatch(kind -> !BY_KIND.containsKey(kind)
                        || kind.equals(Kind.REGISTRY_WORKLOAD)
                        || kind.equals(Kind.AUTHORIZATION_POLICY));
    }
}
