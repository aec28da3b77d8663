package io.flotilla.envoy.patch;

import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import io.flotilla.envoy.endpoint.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Patches of listeners, and of what is inside of them. */
@SuppressWarnings("ReferenceEquality") // the same object means: nothing was changed
record ListenerPatching(Surroundings where) {
    private static final String CAPTURING = "virtualInbound";
    private static final Set<ApplyTo> INSIDE = Set.of(
            ApplyTo.FILTER_CHAIN,
            ApplyTo.NETWORK_FILTER,
            ApplyTo.HTTP_FILTER,
            ApplyTo.ROUTE_CONFIGURATION,
            ApplyTo.VIRTUAL_HOST,
            ApplyTo.HTTP_ROUTE);

    PatchContext context(Listener listener) {
        return where.context(listener.getTrafficDirection() == TrafficDirection.INBOUND);
    }

    /** The listener after one patch, the same object where it does not concern it; empty where it is removed. */
    Optional<Listener> apply(Listener listener, Patch patch) {
        PatchContext context = context(listener);
        Optional<Set<Integer>> ports = where.ports(patch.match().getListener(), context);
        if (!Surroundings.fits(patch, context) || !chosen(listener, patch, ports)) {
            return Optional.of(listener);
        }
        // One that is added stands beside the others, whatever the patch matches.
        if (patch.to() == ApplyTo.LISTENER && patch.operation() == Operation.ADD) {
            return Optional.of(listener);
        }
        if (patch.to() == ApplyTo.LISTENER) {
            return patch.operation() == Operation.REMOVE
                    ? Optional.empty()
                    : Optional.of(new ListEdit<Listener>(patch, any -> patch.merges(), true)
                            .apply(List.of(listener), 0)
                            .getFirst());
        }
        if (patch.to() == ApplyTo.LISTENER_FILTER) {
            return Optional.of(inspected(listener, patch));
        }
        return Optional.of(INSIDE.contains(patch.to()) ? chains(listener, patch, context) : listener);
    }

    // The capturing listener stands for many ports, which its filter chains tell. That of the outbound side only has
    // what
    // no other listener takes.
    private static boolean chosen(Listener listener, Patch patch, Optional<Set<Integer>> ports) {
        ListenerMatch match = patch.match().getListener();
        boolean other = !match.getName().isEmpty() && !match.getName().equals(listener.getName());
        if (other || !onOneOf(patch.bound(), listener)) {
            return false;
        }
        boolean capturing = CAPTURING.equals(listener.getName()) && patch.to() != ApplyTo.LISTENER;
        int bound = listener.getAddress().getSocketAddress().getPortValue();
        return capturing || ports.map(numbers -> numbers.contains(bound)).orElse(true);
    }

    // What captures is on all addresses and has none of its pod.
    private static boolean onOneOf(List<AddressRange> ranges, Listener listener) {
        return ranges.isEmpty()
                || Stream.concat(
                                Stream.of(listener.getAddress()),
                                listener.getAdditionalAddressesList().stream().map(AdditionalAddress::getAddress))
                        .map(address -> address.getSocketAddress().getAddress())
                        .anyMatch(address -> ranges.stream().anyMatch(range -> range.contains(address)));
    }

    private static Listener inspected(Listener listener, Patch patch) {
        String name = patch.match().getListener().getListenerFilter();
        List<ListenerFilter> before = listener.getListenerFiltersList();
        List<ListenerFilter> after = new ListEdit<ListenerFilter>(
                        patch, filter -> name.isEmpty() || FilterNames.same(name, filter.getName()), !name.isEmpty())
                .apply(before, before.size());
        return after == before
                ? listener
                : listener.toBuilder()
                        .clearListenerFilters()
                        .addAllListenerFilters(after)
                        .build();
    }

    private Listener chains(Listener listener, Patch patch, PatchContext context) {
        Optional<Set<Integer>> ports = CAPTURING.equals(listener.getName())
                ? where.ports(patch.match().getListener(), context)
                : Optional.empty();
        ChainPatching inside = new ChainPatching(patch, ports, new RoutePatching(where, context));
        List<FilterChain> before = listener.getFilterChainsList();
        List<FilterChain> after = new ArrayList<>();
        boolean changed = false;
        for (FilterChain chain : before) {
            FilterChain next = inside.apply(chain);
            changed |= next != chain;
            after.add(next);
        }
        Listener.Builder built = listener.toBuilder();
        if (patch.to() == ApplyTo.FILTER_CHAIN) {
            List<FilterChain> edited =
                    new ListEdit<FilterChain>(patch, inside::chosen, inside.choosy()).apply(before, before.size());
            changed |= edited != before;
            after = new ArrayList<>(edited);
        }
        if (listener.hasDefaultFilterChain() && inside.chosen(listener.getDefaultFilterChain())) {
            changed |= fallback(built, inside, patch);
        }
        return changed ? built.clearFilterChains().addAllFilterChains(after).build() : listener;
    }

    private static boolean fallback(Listener.Builder built, ChainPatching inside, Patch patch) {
        FilterChain before = built.getDefaultFilterChain();
        if (patch.to() == ApplyTo.FILTER_CHAIN && patch.operation() == Operation.REMOVE) {
            built.clearDefaultFilterChain();
            return true;
        }
        FilterChain after = patch.to() == ApplyTo.FILTER_CHAIN && patch.merges()
                ? new ListEdit<FilterChain>(patch, any -> true, true)
                        .apply(List.of(before), 0)
                        .getFirst()
                : inside.apply(before);
        built.setDefaultFilterChain(after);
        return after != before;
    }
}
