package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change after which some VirtualServices of the mesh have other HTTP routes, and nothing else is other than before:
 * not whom they are for, nor which of several is the first for a host.
 *
 * @param rules as they are now
 */
record RouteChange(Map<ObjectKey, Config<VirtualService>> rules) {
    private static final String MESH = "mesh";

    /** The change between two tables of objects; empty where it may be more. */
    @SuppressWarnings("unchecked") // the kind says what an object holds
    static Optional<RouteChange> of(ObjectTable before, ObjectTable after, Set<ObjectKey> touched) {
        Map<ObjectKey, Config<VirtualService>> rules = new HashMap<>();
        for (ObjectKey key : touched) {
            Config<?> then = before.get(key);
            Config<?> now = after.get(key);
            if (!key.kind().equals(Kind.VIRTUAL_SERVICE)
                    || then == null
                    || now == null
                    || !routesOnly((Config<VirtualService>) then, (Config<VirtualService>) now)) {
                return Optional.empty();
            }
            rules.put(key, RouteIndex.current((Config<VirtualService>) now));
        }
        return Optional.of(new RouteChange(rules));
    }

    private static boolean routesOnly(Config<VirtualService> then, Config<VirtualService> now) {
        return bare(then.spec()).equals(bare(now.spec()))
                && then.created().equals(now.created())
                && named(now.spec())
                && now.spec().getGatewaysList().stream().allMatch(MESH::equals)
                && whole(then.spec())
                && whole(now.spec());
    }

    private static VirtualService bare(VirtualService rule) {
        return rule.toBuilder().clearHttp().build();
    }

    // One with a wildcard is for more hosts than it names, one without hosts for those of others.
    private static boolean named(VirtualService rule) {
        return rule.getHostsCount() > 0 && rule.getHostsList().stream().noneMatch(host -> host.startsWith("*"));
    }

    private static boolean whole(VirtualService rule) {
        return rule.getHttpList().stream().noneMatch(HTTPRoute::hasDelegate);
    }
}
