package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPMirrorPolicy;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import java.util.stream.Stream;

/** Where a VirtualService leads to. */
public final class Destinations {
    private Destinations() {}

    /** The destinations of all routes and mirrors, in their order, with repetitions. */
    public static Stream<Destination> of(VirtualService spec) {
        Stream<Destination> http = spec.getHttpList().stream().flatMap(Destinations::of);
        Stream<Destination> layer4 = Stream.concat(
                        spec.getTcpList().stream().flatMap(route -> route.getRouteList().stream()),
                        spec.getTlsList().stream().flatMap(route -> route.getRouteList().stream()))
                .map(route -> route.getDestination());
        return Stream.concat(http, layer4);
    }

    @SuppressWarnings("deprecation") // `mirror` is what older files have.
    private static Stream<Destination> of(HTTPRoute rule) {
        Stream<Destination> mirrors = Stream.concat(
                rule.hasMirror() ? Stream.of(rule.getMirror()) : Stream.empty(),
                rule.getMirrorsList().stream().map(HTTPMirrorPolicy::getDestination));
        return Stream.concat(rule.getRouteList().stream().map(HTTPRouteDestination::getDestination), mirrors);
    }
}
