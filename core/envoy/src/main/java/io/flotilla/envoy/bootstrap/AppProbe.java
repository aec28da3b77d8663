package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Duration;

/** A probe of an application that the kubelet asks of the sidecar instead, since the application wants mutual TLS. */
public sealed interface AppProbe {
    /** Path on the probes' listener: "/app-health/CONTAINER/readyz". */
    String route();

    /** What is probed: the address that the kubelet would have used. */
    Address target();

    /**
     * Passes a GET on, and the answer back.
     *
     * @param path with its query, if it has one
     * @param tls  HTTPS; like the kubelet, Envoy accepts any certificate
     */
    record Http(String route, Address target, String path, boolean tls) implements AppProbe {}

    /**
     * Answers 200 while a TCP connection can be made.
     *
     * @param period how often Envoy tries
     */
    record Tcp(String route, Address target, Duration period) implements AppProbe {}

    /**
     * Answers 200 while the gRPC health service says SERVING.
     *
     * @param service asked for, may be empty
     * @param period  how often Envoy asks
     */
    record Grpc(String route, Address target, String service, Duration period) implements AppProbe {}
}
