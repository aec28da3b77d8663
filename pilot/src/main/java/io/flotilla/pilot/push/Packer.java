package io.flotilla.pilot.push;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.route.DiscoveredHosts;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes bytes of messages. What is there already is not made again: a message of which the caches gave the same object
 * as before keeps its bytes, views that share a list share its set, and equal sets of different rounds are one set.
 */
final class Packer {
    private final Map<String, WeakReference<ResourceSet>> known = new LinkedHashMap<>();

    private record Bytes(String name, Message message) {
        Resource pack() {
            return Resource.of(name, message);
        }
    }

    private record Step(Identity before, Identity after, String url) {}

    /** What one list of messages became. */
    record Typed(List<? extends Message> messages, ResourceSet set) {
        static final Typed NOTHING = new Typed(List.of(), ResourceSet.EMPTY);
    }

    /** Routes without their hosts, and the hosts. */
    record Hosted(
            List<RouteConfiguration> routes,
            ResourceSet bases,
            ResourceSet hosts,
            IdentityHashMap<VirtualHost, Resource> of) {
        static final Hosted NOTHING =
                new Hosted(List.of(), ResourceSet.EMPTY, ResourceSet.EMPTY, new IdentityHashMap<>());
    }

    /**
     * The next set of a type.
     *
     * @param messages sorted by name, as those before were
     */
    Typed next(String url, Typed before, List<? extends Message> messages, Scope.Caches caches) {
        if (before.messages() == messages) {
            return before;
        }
        Step step = new Step(Identity.of(before.messages()), Identity.of(messages), url);
        return caches.round().get(step, key -> step(url, before, messages, caches));
    }

    private Typed step(String url, Typed before, List<? extends Message> messages, Scope.Caches caches) {
        List<Resource> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Resource> held = before.set().resources();
        int i = 0;
        int j = 0;
        while (i < held.size() || j < messages.size()) {
            if (i < held.size() && j < messages.size() && before.messages().get(i) == messages.get(j)) {
                i++;
                j++;
                continue;
            }
            String name = j < messages.size() ? EnvoyResources.name(messages.get(j)) : "";
            int order = i == held.size()
                    ? 1
                    : j == messages.size() ? -1 : held.get(i).name().compareTo(name);
            if (order < 0) {
                removed.add(held.get(i++).name());
            } else {
                changed.add(pack(name, messages.get(j++), caches));
                i += order == 0 ? 1 : 0;
            }
        }
        return new Typed(messages, one(url, before.set().with(changed, removed)));
    }

    /** The next routes of views that discover hosts. */
    Hosted next(Hosted before, List<RouteConfiguration> routes, Scope.Caches caches) {
        if (before.routes() == routes) {
            return before;
        }
        Step step = new Step(Identity.of(before.routes()), Identity.of(routes), TypeUrls.VIRTUAL_HOST);
        return caches.round().get(step, key -> step(before, routes, caches));
    }

    private Hosted step(Hosted before, List<RouteConfiguration> routes, Scope.Caches caches) {
        List<Resource> bases = new ArrayList<>();
        List<Resource> hosts = new ArrayList<>();
        IdentityHashMap<VirtualHost, Resource> of = new IdentityHashMap<>();
        for (RouteConfiguration whole : routes) {
            RouteConfiguration base = DiscoveredHosts.base(whole, caches.lasting());
            bases.add(pack(base.getName(), base, caches));
            for (VirtualHost host : whole.getVirtualHostsList()) {
                // A fallthrough host is in every route, as the same object: its name there tells them apart.
                Resource known = before.of().get(host);
                Resource packed = known != null && known.name().equals(DiscoveredHosts.name(whole, host))
                        ? known
                        : hosted(whole, host, caches);
                of.put(host, packed);
                hosts.add(packed);
            }
        }
        return new Hosted(
                routes,
                one(TypeUrls.ROUTE, ResourceSet.of(bases)),
                one(TypeUrls.VIRTUAL_HOST, ResourceSet.of(hosts)),
                of);
    }

    private static Resource hosted(RouteConfiguration whole, VirtualHost host, Scope.Caches caches) {
        VirtualHost named = DiscoveredHosts.host(whole, host, caches.lasting());
        return pack(named.getName(), named, caches);
    }

    private static Resource pack(String name, Message message, Scope.Caches caches) {
        return caches.lasting().get(new Bytes(name, message), Bytes::pack);
    }

    // A set that another view has already: streams of both then take the same steps.
    private ResourceSet one(String url, ResourceSet fresh) {
        String key = url + fresh.version();
        WeakReference<ResourceSet> reference = known.get(key);
        ResourceSet same = reference == null ? null : reference.get();
        if (same != null && same.size() == fresh.size()) {
            return same;
        }
        known.put(key, new WeakReference<>(fresh));
        return fresh;
    }

    /** Forgets sets that no view has. */
    void endRound() {
        known.values().removeIf(reference -> reference.get() == null);
    }
}
