package io.flotilla.config.snapshot;

import java.util.List;
import java.util.Map;

/**
 * One endpoint of one port of a service.
 *
 * @param addresses IPv4 and IPv6 of the same workload, or one DNS name
 * @param port      what it listens on
 * @param labels    of the workload, for subsets
 * @param workload  "NAMESPACE/NAME", empty where unknown
 * @param serviceAccount in `namespace`, empty where unknown
 * @param namespace of the workload
 * @param locality  "region/zone/subzone", may be empty
 * @param network   may be empty
 * @param weight    1 or more
 * @param health    whether it takes traffic
 * @param meshTls   accepts mesh TLS (it has a sidecar)
 */
public record MeshEndpoint(
        List<String> addresses,
        int port,
        Map<String, String> labels,
        String workload,
        String serviceAccount,
        String namespace,
        String locality,
        String network,
        int weight,
        Health health,
        boolean meshTls) {
    public enum Health {
        HEALTHY,
        /** Terminating but still serving: finishes what it has, gets nothing new. */
        DRAINING,
        UNHEALTHY
    }

    public MeshEndpoint {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
    }

    /** The same, talked to in plaintext. */
    public MeshEndpoint plaintext() {
        return new MeshEndpoint(
                addresses, port, labels, workload, serviceAccount, namespace, locality, network, weight, health, false);
    }

    /** The same, at other addresses. */
    public MeshEndpoint at(List<String> others) {
        return new MeshEndpoint(
                others, port, labels, workload, serviceAccount, namespace, locality, network, weight, health, meshTls);
    }
}
