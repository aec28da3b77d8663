package io.flotilla.envoy;

/** The kinds of resources that translation makes. */
public enum ResourceType {
    LISTENER,
    ROUTE,
    CLUSTER,
    ENDPOINT,
    EXTENSION
}
