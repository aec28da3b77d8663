package io.flotilla.config.snapshot;

import java.util.Comparator;

/** The order of endpoints, so that equal content gives equal bytes. */
final class EndpointOrder {
    static final Comparator<MeshEndpoint> BY_ADDRESS = Comparator.comparing(
                    (MeshEndpoint endpoint) -> endpoint.addresses().toString())
            .thenComparingInt(MeshEndpoint::port)
            .thenComparing(MeshEndpoint::workload);

    private EndpointOrder() {}
}
