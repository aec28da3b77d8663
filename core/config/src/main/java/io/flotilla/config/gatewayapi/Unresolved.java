package io.flotilla.config.gatewayapi;

import io.flotilla.api.networking.v1alpha3.Destination;

/** Where the share of traffic goes whose backend is not to be had: a host that by its name can never exist. */
public final class Unresolved {
    /** For HTTP, whose callers get 500. */
    public static final String HOST = "backend-not-resolved.invalid";

    /** For gRPC and TCP: callers get UNAVAILABLE, or their connection is closed. */
    public static final String UNAVAILABLE_HOST = "backend-not-available.invalid";

    private Unresolved() {}

    static Destination destination(boolean http) {
        return Destination.newBuilder().setHost(http ? HOST : UNAVAILABLE_HOST).build();
    }
}
