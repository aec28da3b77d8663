package io.flotilla.pilot.push;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Scope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Resources as bytes.
 *
 * @param resources the messages
 * @param typed     the same as bytes, by type URL
 * @param hosted    routes and their hosts, of views that discover hosts
 * @param view      all of it
 */
record Packed(EnvoyResources resources, Map<String, Packer.Typed> typed, Packer.Hosted hosted, View view) {
    static final Packed NOTHING =
            new Packed(EnvoyResources.NONE, Map.of(), Packer.Hosted.NOTHING, new View(Generation.NONE, Map.of()));

    /** The same at a newer generation, which has changed nothing in it: a proxy that comes is told how new that is. */
    Packed asOf(Generation generation) {
        return view.generation().equals(generation)
                ? this
                : new Packed(resources, typed, hosted, new View(generation, view.types()));
    }

    /**
     * The next state of the same view.
     *
     * @param discovers whether virtual hosts are resources of their own
     */
    Packed next(EnvoyResources fresh, Generation generation, boolean discovers, Packer packer, Scope.Caches caches) {
        Map<String, Packer.Typed> next = new HashMap<>();
        next.put(TypeUrls.CLUSTER, packer.next(TypeUrls.CLUSTER, of(TypeUrls.CLUSTER), fresh.clusters(), caches));
        next.put(TypeUrls.ENDPOINT, packer.next(TypeUrls.ENDPOINT, of(TypeUrls.ENDPOINT), fresh.endpoints(), caches));
        next.put(TypeUrls.LISTENER, packer.next(TypeUrls.LISTENER, of(TypeUrls.LISTENER), fresh.listeners(), caches));
        next.put(
                TypeUrls.EXTENSION,
                packer.next(TypeUrls.EXTENSION, of(TypeUrls.EXTENSION), fresh.extensions(), caches));
        Packer.Hosted hosts = hosted;
        if (discovers) {
            hosts = packer.next(hosted, fresh.routes(), caches);
        } else {
            next.put(TypeUrls.ROUTE, packer.next(TypeUrls.ROUTE, of(TypeUrls.ROUTE), fresh.routes(), caches));
        }
        Map<String, ResourceSet> types = new HashMap<>();
        next.forEach((url, each) -> types.put(url, each.set()));
        if (discovers) {
            types.put(TypeUrls.ROUTE, hosts.bases());
            types.put(TypeUrls.VIRTUAL_HOST, hosts.hosts());
        }
        return new Packed(fresh, next, hosts, new View(generation, types));
    }

    private Packer.Typed of(String url) {
        return typed.getOrDefault(url, Packer.Typed.NOTHING);
    }

    /** Type URLs whose content is not that of another state. */
    Set<String> changedSince(Packed earlier) {
        Set<String> changed = new HashSet<>();
        view.types().forEach((url, set) -> {
            ResourceSet before = earlier.view.types().get(url);
            if (before != set && (before == null || !before.version().equals(set.version()))) {
                changed.add(url);
            }
        });
        return changed;
    }
}
