package io.flotilla.envoy.wasm;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.extensions.v1alpha1.PluginPhase;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin.TrafficSelector;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The plugins among one chain's filters.
 *
 * @param all in order within each phase
 */
public record Plugins(List<Plugin> all) {
    /** No plugins. */
    public static final Plugins NONE = new Plugins(List.of());

    public Plugins {
        all = List.copyOf(all);
    }

    /** Before a port of the application; 0 for ports that no service has. */
    public static Plugins inbound(Scope scope, int port) {
        return of(Choice.of(scope), true, port);
    }

    /** Before what an edge serves on this port, as its Gateway names it. */
    public static Plugins edge(Scope scope, int port) {
        return of(Choice.of(scope), false, port);
    }

    private static Plugins of(List<Config<WasmPlugin>> chosen, boolean server, int port) {
        return new Plugins(chosen.stream()
                .filter(config -> Choice.meant(config.spec().getMatchList(), server, port))
                .map(Plugin::of)
                .toList());
    }

    /** A plugin, and for which traffic it is. */
    record Candidate(Plugin plugin, List<TrafficSelector> match) {}

    /** Those of an application's own traffic, by the port that it calls. */
    public record Outbound(List<Candidate> candidates) {
        /** Those of a proxy. */
        public static Outbound of(Scope scope) {
            return new Outbound(Choice.of(scope).stream()
                    .map(config ->
                            new Candidate(Plugin.of(config), config.spec().getMatchList()))
                    .toList());
        }

        /** Those of one port; 0 where nobody knows it. */
        public Plugins at(int port) {
            return candidates.isEmpty()
                    ? NONE
                    : new Plugins(candidates.stream()
                            .filter(candidate -> Choice.meant(candidate.match(), false, port))
                            .map(Candidate::plugin)
                            .toList());
        }
    }

    /** Those that see requests, of one phase. */
    public List<HttpFilter> http(PluginPhase phase) {
        return all.stream()
                .filter(plugin -> !plugin.network() && plugin.phase() == phase)
                .map(Discovered::http)
                .toList();
    }

    /** Those that see connections, of one phase. */
    public List<Filter> network(PluginPhase phase) {
        return all.stream()
                .filter(plugin -> plugin.network() && plugin.phase() == phase)
                .map(Discovered::network)
                .toList();
    }

    /** The filters of a chain with those that see connections: by their phases before and behind what guards it. */
    public List<Filter> around(List<Filter> guards, List<Filter> last) {
        List<Filter> filters = new ArrayList<>(network(PluginPhase.AUTHN));
        filters.addAll(network(PluginPhase.AUTHZ));
        filters.addAll(guards);
        filters.addAll(network(PluginPhase.STATS));
        filters.addAll(network(PluginPhase.UNSPECIFIED_PHASE));
        filters.addAll(last);
        return filters;
    }
}
