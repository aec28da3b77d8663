package io.flotilla.envoy.bootstrap;

import io.envoyproxy.envoy.config.core.v3.Pipe;

/** Where the gateway service serves the certificates of its Envoy's edge. */
public sealed interface EdgeSecrets {
    /** A UNIX socket, which file permissions protect. */
    record Socket(String path) implements EdgeSecrets {}

    /** A loopback address, for a network namespace that nobody else is in. */
    record Loopback(Address address) implements EdgeSecrets {}

    /** The address as Envoy takes it. */
    default io.envoyproxy.envoy.config.core.v3.Address toEnvoy() {
        return switch (this) {
            case Socket socket ->
                io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                        .setPipe(Pipe.newBuilder().setPath(socket.path()))
                        .build();
            case Loopback loopback -> loopback.address().toEnvoy();
        };
    }
}
