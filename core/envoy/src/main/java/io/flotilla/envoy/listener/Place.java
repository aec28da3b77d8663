package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.route.OutboundRoutes;
import java.util.List;
import java.util.Optional;

/**
 * Where an outbound listener is.
 *
 * @param address an IP address, or "unix://PATH"
 * @param port    0 for a UNIX socket
 * @param route   name of the RouteConfiguration of its requests
 * @param bound   clients connect to it; else the capturing listener hands connections on
 * @param families of addresses that are meant by any
 */
record Place(String address, int port, String route, boolean bound, Families families) {
    private static final String UNIX = "unix://";
    private static final String ANY = "0.0.0.0";
    private static final String LOCAL = "127.0.0.1";

    /** All captured connections to a port. */
    static Place captured(int port, Capture capture) {
        return new Place(ANY, port, Integer.toString(port), false, capture.families());
    }

    /** A port of a listener without one of its own, which is bound where nothing is to be captured. */
    static Place of(IstioEgressListener listener, int port, Capture capture) {
        return listener.getCaptureMode() == CaptureMode.NONE ? own(LOCAL, port, capture) : captured(port, capture);
    }

    /** The listener's own port; empty where it waits for captured connections and there are none. */
    static Optional<Place> of(IstioEgressListener listener, Capture capture) {
        String route = OutboundRoutes.name(listener);
        String bind = listener.getBind();
        int port = listener.getPort().getNumber();
        if (bind.startsWith(UNIX)) {
            return Optional.of(new Place(bind, 0, route, true, capture.families()));
        }
        boolean captures = capture instanceof Capture.Redirect;
        return switch (listener.getCaptureMode()) {
            case NONE ->
                Optional.of(
                        bind.isEmpty()
                                ? own(LOCAL, port, capture)
                                : new Place(bind, port, route, true, capture.families()));
            case IPTABLES ->
                captures
                        ? Optional.of(new Place(bind.isEmpty() ? ANY : bind, port, route, false, capture.families()))
                        : Optional.empty();
            case DEFAULT, UNRECOGNIZED ->
                Optional.of(
                        captures
                                ? new Place(bind.isEmpty() ? ANY : bind, port, route, false, capture.families())
                                : bind.isEmpty()
                                        ? own(LOCAL, port, capture)
                                        : new Place(bind, port, route, true, capture.families()));
        };
    }

    // Pods that share a host have addresses of their own on its loopback.
    private static Place own(String address, int port, Capture capture) {
        String local = switch (capture) {
            case Capture.Redirect redirect -> address;
            case Capture.Explicit explicit -> explicit.address();
        };
        return new Place(local, port, Integer.toString(port), true, capture.families());
    }

    String name() {
        return socket() ? address : address + "_" + port;
    }

    boolean socket() {
        return address.startsWith(UNIX);
    }

    /** Connections keep the address that they were going to. */
    boolean tellsDestination() {
        return !bound && address.equals(ANY);
    }

    void apply(Listener.Builder listener) {
        Wire.at(listener, address.equals(ANY) ? families.everywhere() : List.of(address), port);
    }
}
