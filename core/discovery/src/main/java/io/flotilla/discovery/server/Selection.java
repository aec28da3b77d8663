package io.flotilla.discovery.server;

import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.wire.Contents;
import io.flotilla.discovery.wire.FrameEncoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a difference one client is told.
 *
 * @param changed resources that are new to it, or owed to it
 * @param parts   what the responses hold: the changed ones, or all that it wants (state of the world)
 * @param removed names that are gone, or owed and not there (delta)
 * @param due     whether there is anything to tell
 */
record Selection(List<Resource> changed, List<Contents> parts, List<String> removed, boolean due) {
    /**
     * Delta responses are split at this many bytes; but not virtual hosts, since Envoy opens a listener when the first
     * of them are there.
     */
    static final int PART_BYTES = 256 << 10;

    static Selection of(TypeStream type, ResourceDiff diff, ResourceSet to, StreamTerms terms) {
        List<Resource> wanted = wanted(type.subscription, diff.changed());
        Set<String> owed = beside(wanted, type.owed);
        List<Resource> changed = changed(type, wanted, owed, to);
        List<String> removed = removed(type, diff, owed, to, terms);
        boolean partial = type.delta || terms.order().partial().contains(type.typeUrl);
        List<Resource> resources = partial ? changed : wanted(type.subscription, to.resources());
        boolean due = !changed.isEmpty() || (!removed.isEmpty() && (type.delta || !partial));
        boolean split = type.delta && !type.typeUrl.equals(TypeUrls.VIRTUAL_HOST);
        return new Selection(changed, split ? split(resources) : List.of(new Contents(resources)), removed, due);
    }

    private static List<Contents> split(List<Resource> resources) {
        List<Contents> parts = new ArrayList<>();
        int from = 0;
        long size = 0;
        for (int next = 0; next < resources.size(); next++) {
            size += FrameEncoder.sizeOf(resources.get(next));
            if (size > PART_BYTES && next > from) {
                parts.add(new Contents(resources.subList(from, next)));
                from = next;
                size = FrameEncoder.sizeOf(resources.get(next));
            }
        }
        parts.add(new Contents(resources.subList(from, resources.size())));
        return parts;
    }

    // A client that comes is owed thousands of names, of which each is new to it.
    private static Set<String> beside(List<Resource> wanted, Set<String> owed) {
        if (owed.isEmpty()) {
            return Set.of();
        }
        int told = 0;
        for (Resource resource : wanted) {
            told += owed.contains(resource.name()) ? 1 : 0;
        }
        if (told == owed.size()) {
            return Set.of();
        }
        Set<String> rest = new HashSet<>(owed);
        wanted.forEach(resource -> rest.remove(resource.name()));
        return rest;
    }

    private static List<Resource> changed(TypeStream type, List<Resource> wanted, Set<String> owed, ResourceSet to) {
        if (owed.isEmpty()) {
            return wanted;
        }
        if (wanted.isEmpty() && owed.size() == 1) {
            // A client that asks for what it was just told of.
            String name = owed.iterator().next();
            Resource resource = to.get(name);
            if (resource != null && resource.hasContent()) {
                return List.of(resource);
            }
        }
        TreeMap<String, Resource> all = new TreeMap<>();
        wanted.forEach(resource -> all.put(resource.name(), resource));
        for (String name : owed) {
            Resource resource = to.get(name);
            if (resource != null && resource.hasContent()) {
                all.put(name, resource);
            } else if (type.subscription.namespaced()) {
                to.group(name).stream().filter(Resource::hasContent).forEach(member -> all.put(member.name(), member));
            }
        }
        return List.copyOf(all.values());
    }

    private static List<String> removed(
            TypeStream type, ResourceDiff diff, Set<String> owed, ResourceSet to, StreamTerms terms) {
        TreeSet<String> gone = new TreeSet<>();
        for (String name : diff.removed()) {
            if (type.subscription.wants(name)) {
                gone.add(name);
            }
        }
        if (!terms.order().onDemand().contains(type.typeUrl)) {
            for (String name : owed) {
                Resource resource = to.get(name);
                boolean group = type.subscription.namespaced() && name.indexOf('/') < 0;
                if (!group && (resource == null || !resource.hasContent())) {
                    gone.add(name);
                }
            }
        }
        return List.copyOf(gone);
    }

    private static List<Resource> wanted(Subscription subscription, List<Resource> resources) {
        if (subscription.wildcard()) {
            return resources;
        }
        List<Resource> wanted = new ArrayList<>();
        for (Resource resource : resources) {
            if (subscription.wants(resource.name())) {
                wanted.add(resource);
            }
        }
        return wanted;
    }
}
