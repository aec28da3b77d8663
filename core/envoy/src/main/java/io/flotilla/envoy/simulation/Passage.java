package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Optional;

/**
 * The way of a call through a proxy, as far as it comes, and its end.
 *
 * @param routes name of the RouteConfiguration, empty for TCP
 */
public record Passage(
        Optional<Listener> listener,
        Optional<FilterChain> chain,
        String routes,
        Optional<VirtualHost> host,
        Optional<Route> route,
        Outcome outcome) {
    /** The same way, and how a connection manager ended it. */
    Passage at(String name, Optional<VirtualHost> virtual, Optional<Route> found, Outcome end) {
        return new Passage(listener, chain, name, virtual, found, end);
    }

    /** The same way, and how its filter chain ended it. */
    Passage ended(Outcome end) {
        return at("", Optional.empty(), Optional.empty(), end);
    }

    static Passage refused(String why) {
        return new Passage(
                Optional.empty(), Optional.empty(), "", Optional.empty(), Optional.empty(), new Outcome.Refused(why));
    }
}
