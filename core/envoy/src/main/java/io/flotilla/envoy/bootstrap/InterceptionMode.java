package io.flotilla.envoy.bootstrap;

/** How a pod's traffic reaches its sidecar (Istio: node metadata INTERCEPTION_MODE). */
public enum InterceptionMode {
    /** By NAT rules in the pod's network namespace. */
    REDIRECT,
    /** Not at all: Pilot gives listeners on the pod's own address and an explicit proxy port. */
    NONE
}
