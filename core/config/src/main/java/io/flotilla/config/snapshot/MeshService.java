package io.flotilla.config.snapshot;

import io.flotilla.config.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host that the mesh can call: from the platform's registry or from a ServiceEntry.
 *
 * @param hostname   "reviews.default.svc.cluster.local", or a ServiceEntry's host, maybe with a leading wildcard
 * @param namespace  where it was declared
 * @param name       the platform's short name; the hostname for a ServiceEntry
 * @param addresses  virtual addresses or CIDRs; empty for headless and DNS services
 * @param ports      sorted by number
 * @param resolution how its endpoints are found
 * @param external   outside of the mesh (no mutual TLS, passthrough SNI)
 * @param labels     of the service object
 * @param exportTo   namespaces that see it; "*" for all; never empty
 * @param subjectAltNames names that its servers may show, from a ServiceEntry
 * @param origin     where it was written
 */
public record MeshService(
        String hostname,
        String namespace,
        String name,
        List<String> addresses,
        List<ServicePort> ports,
        Resolution resolution,
        boolean external,
        Map<String, String> labels,
        List<String> exportTo,
        List<String> subjectAltNames,
        Origin origin) {
    public enum Resolution {
        /** Endpoints come from the registry (EDS). */
        REGISTRY,
        /** No endpoints of its own: the address that the caller asked for. */
        PASSTHROUGH,
        DNS,
        DNS_ROUND_ROBIN,
        /** No endpoints of its own: the name that a request or a connection brings along is looked up. */
        DYNAMIC_DNS
    }

    public MeshService {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        exportTo = List.copyOf(exportTo);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** The same with other ports. */
    MeshService withPorts(List<ServicePort> others) {
        return new MeshService(
                hostname,
                namespace,
                name,
                addresses,
                others,
                resolution,
                external,
                labels,
                exportTo,
                subjectAltNames,
                origin);
    }

    public Optional<ServicePort> port(int number) {
        return ports.stream().filter(port -> port.number() == number).findFirst();
    }
}
