package io.flotilla.envoy.revocation;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.flotilla.envoy.Wire;

/**
 * Open connections of a chain that are to be closed: Envoy drains a chain that is not what it was, and its metadata is
 * part of it.
 */
public final class Drains {
    private Drains() {}

    /**
     * The chain, marked by the last revocation that wants it.
     *
     * @param revocation empty for none
     */
    public static FilterChain by(String revocation, FilterChain chain) {
        return revocation.isEmpty()
                ? chain
                : chain.toBuilder()
                        .setMetadata(
                                Metadata.newBuilder().putFilterMetadata("flotilla", Wire.struct("drained", revocation)))
                        .build();
    }
}
