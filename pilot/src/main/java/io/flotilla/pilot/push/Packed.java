package io.flotilla.pilot.push;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.route.DiscoveredHosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Resources as bytes. A message that is there already is not serialised again, and a type without a change keeps its
 * set.
 *
 * @param resources the messages
 * @param view      the same as bytes
 */
record Packed(EnvoyResources resources, View view) {
    static final Packed NOTHING = new Packed(EnvoyResources.NONE, new View(Generation.NONE, Map.of()));

    private record Bytes(String name, Message message) {
        Resource pack() {
            return Resource.of(name, message);
        }
    }

    /**
     * The next state of the same view.
     *
     * @param delta for delta streams: virtual hosts are resources of their own, which state of the world does not know
     */
    Packed next(EnvoyResources fresh, Generation generation, boolean delta, Scope.Caches cache) {
        Map<String, ResourceSet> types = new HashMap<>();
        put(types, TypeUrls.CLUSTER, resources.clusters(), fresh.clusters(), cache);
        put(types, TypeUrls.ENDPOINT, resources.endpoints(), fresh.endpoints(), cache);
        put(types, TypeUrls.LISTENER, resources.listeners(), fresh.listeners(), cache);
        put(types, TypeUrls.EXTENSION, resources.extensions(), fresh.extensions(), cache);
        if (!delta) {
            put(types, TypeUrls.ROUTE, resources.routes(), fresh.routes(), cache);
        } else if (view.types().containsKey(TypeUrls.ROUTE) && same(resources.routes(), fresh.routes())) {
            types.put(TypeUrls.ROUTE, view.type(TypeUrls.ROUTE));
            types.put(TypeUrls.VIRTUAL_HOST, view.type(TypeUrls.VIRTUAL_HOST));
        } else {
            discovered(types, fresh.routes(), cache);
        }
        return new Packed(fresh, new View(generation, types));
    }

    /** Type URLs whose content is not that of another state. */
    Set<String> changedSince(Packed earlier) {
        Set<String> changed = new HashSet<>();
        view.types().forEach((url, set) -> {
            if (!earlier.view.types().containsKey(url)
                    || !earlier.view.type(url).version().equals(set.version())) {
                changed.add(url);
            }
        });
        return changed;
    }

    private void put(
            Map<String, ResourceSet> types,
            String url,
            List<? extends Message> before,
            List<? extends Message> after,
            Scope.Caches cache) {
        boolean known = view.types().containsKey(url) && same(before, after);
        types.put(url, known ? view.type(url) : set(after, cache));
    }

    private record Discovered(List<RouteConfiguration> routes) {}

    private record Bases(ResourceSet routes, ResourceSet hosts) {}

    private static void discovered(
            Map<String, ResourceSet> types, List<RouteConfiguration> routes, Scope.Caches caches) {
        Bases bases = caches.round().get(new Discovered(routes), key -> bases(key.routes(), caches));
        types.put(TypeUrls.ROUTE, bases.routes());
        types.put(TypeUrls.VIRTUAL_HOST, bases.hosts());
    }

    private static Bases bases(List<RouteConfiguration> routes, Scope.Caches caches) {
        List<RouteConfiguration> bases = new ArrayList<>();
        List<Resource> hosts = new ArrayList<>();
        for (RouteConfiguration whole : routes) {
            DiscoveredHosts parts = DiscoveredHosts.of(whole, caches.lasting());
            bases.add(parts.base());
            for (VirtualHost host : parts.hosts()) {
                hosts.add(caches.lasting().get(new Bytes(host.getName(), host), Bytes::pack));
            }
        }
        return new Bases(set(bases, caches), ResourceSet.of(hosts));
    }

    private record Together(List<? extends Message> messages) {}

    // Views that share a whole type share its set.
    private static ResourceSet set(List<? extends Message> messages, Scope.Caches caches) {
        return caches.round().get(new Together(messages), key -> {
            List<Resource> packed = new ArrayList<>(key.messages().size());
            for (Message message : key.messages()) {
                packed.add(caches.lasting().get(new Bytes(EnvoyResources.name(message), message), Bytes::pack));
            }
            return ResourceSet.of(packed);
        });
    }

    // The cache gives the same objects for the same content.
    private static boolean same(List<? extends Message> before, List<? extends Message> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i) != after.get(i)) {
                return false;
            }
        }
        return true;
    }
}
