package io.flotilla.envoy.patch;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch.FilterMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One patch on what is inside of filter chains.
 *
 * @param ports  of the chains that are meant, where the listener stands for many; empty for all
 * @param routes for routes that stand in the chain itself
 */
@SuppressWarnings("ReferenceEquality") // the same object means: nothing was changed
record ChainPatching(Patch patch, Optional<Set<Integer>> ports, RoutePatching routes) {
    private ListenerMatch.FilterChainMatch match() {
        return patch.match().getListener().getFilterChain();
    }

    /** Whether the match says which filter chain. */
    boolean choosy() {
        return match().toBuilder().clearFilter().build().getSerializedSize() > 0 || ports.isPresent();
    }

    boolean chosen(FilterChain chain) {
        ListenerMatch.FilterChainMatch match = match();
        var told = chain.getFilterChainMatch();
        int at = told.getDestinationPort().getValue();
        return ports.map(numbers -> numbers.contains(at)).orElse(true)
                && (match.getName().isEmpty() || match.getName().equals(chain.getName()))
                && (match.getSni().isEmpty() || told.getServerNamesList().contains(match.getSni()))
                && (match.getTransportProtocol().isEmpty()
                        || match.getTransportProtocol().equals(told.getTransportProtocol()))
                && (match.getDestinationPort() == 0 || match.getDestinationPort() == at)
                && (match.getApplicationProtocols().isEmpty()
                        || List.of(match.getApplicationProtocols().split("\\s*,\\s*")).stream()
                                .anyMatch(told.getApplicationProtocolsList()::contains));
    }

    /** The chain with its filters changed; the same object where nothing in it is meant. */
    FilterChain apply(FilterChain chain) {
        List<Filter> before = chain.getFiltersList();
        List<Filter> after = switch (patch.to()) {
            case NETWORK_FILTER -> chosen(chain) ? filters(before) : before;
            case HTTP_FILTER -> chosen(chain) ? managers(before) : before;
            case ROUTE_CONFIGURATION, VIRTUAL_HOST, HTTP_ROUTE -> managers(before);
            default -> before;
        };
        return after == before
                ? chain
                : chain.toBuilder().clearFilters().addAllFilters(after).build();
    }

    private List<Filter> filters(List<Filter> before) {
        String name = match().getFilter().getName();
        int last = FilterPhases.NETWORK.place(
                patch.change(), before.stream().map(Filter::getName).toList());
        return new ListEdit<Filter>(
                        patch, filter -> name.isEmpty() || FilterNames.same(name, filter.getName()), !name.isEmpty())
                .apply(before, last);
    }

    private List<Filter> managers(List<Filter> before) {
        List<Filter> after = new ArrayList<>();
        boolean changed = false;
        for (Filter filter : before) {
            Filter next = filter.getTypedConfig().is(HttpConnectionManager.class) ? manager(filter) : filter;
            changed |= next != filter;
            after.add(next);
        }
        return changed ? after : before;
    }

    private Filter manager(Filter filter) {
        HttpConnectionManager before;
        try {
            before = filter.getTypedConfig().unpack(HttpConnectionManager.class);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("packed by us or by the reader of patches", e);
        }
        HttpConnectionManager after = patch.to() == ApplyTo.HTTP_FILTER ? http(before, filter) : routes(before);
        return after == before
                ? filter
                : filter.toBuilder().setTypedConfig(Any.pack(after)).build();
    }

    private HttpConnectionManager routes(HttpConnectionManager manager) {
        if (!manager.hasRouteConfig()) {
            return manager;
        }
        RouteConfiguration after = routes.apply(manager.getRouteConfig(), patch);
        return after == manager.getRouteConfig()
                ? manager
                : manager.toBuilder().setRouteConfig(after).build();
    }

    private HttpConnectionManager http(HttpConnectionManager manager, Filter filter) {
        FilterMatch match = match().getFilter();
        if (!match.getName().isEmpty() && !FilterNames.same(match.getName(), filter.getName())) {
            return manager;
        }
        String name = match.getSubFilter().getName();
        List<HttpFilter> before = manager.getHttpFiltersList();
        List<HttpFilter> after = new ListEdit<HttpFilter>(
                        patch, each -> name.isEmpty() || FilterNames.same(name, each.getName()), !name.isEmpty())
                .apply(
                        before,
                        FilterPhases.HTTP.place(
                                patch.change(),
                                before.stream().map(HttpFilter::getName).toList()));
        return after == before
                ? manager
                : manager.toBuilder()
                        .clearHttpFilters()
                        .addAllHttpFilters(after)
                        .build();
    }
}
