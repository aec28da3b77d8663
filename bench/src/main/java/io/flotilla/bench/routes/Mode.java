package io.flotilla.bench.routes;

/** How virtual hosts reach Envoy. */
enum Mode {
    /** One RouteConfiguration that holds all of them. */
    WHOLE,
    /** Each as a resource; Envoy asks for "all of this route" and is sent changes unasked. */
    PUSHED,
    /** As pushed, and a filter holds a request to a host that Envoy does not know, and asks for it. */
    ON_DEMAND
}
