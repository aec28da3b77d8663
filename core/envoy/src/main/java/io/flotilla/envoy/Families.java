package io.flotilla.envoy;

import io.flotilla.config.snapshot.MeshEndpoint;
import java.util.Collection;
import java.util.List;

/** Which kinds of IP addresses a pod has: what comes to it and where it can connect to. */
public enum Families {
    V4,
    V6,
    BOTH;

    /** Of these addresses; without any it is IPv4. */
    public static Families of(Collection<String> addresses) {
        boolean six = addresses.stream().anyMatch(Families::isV6);
        boolean four = addresses.stream().anyMatch(address -> !isV6(address));
        return six && four ? BOTH : six ? V6 : V4;
    }

    /** Whether an address is of IPv6; names and sockets are not. */
    public static boolean isV6(String address) {
        return address.contains(":") && !address.startsWith("unix://");
    }

    /** Whether a pod can connect to an address; names and sockets say nothing of families. */
    public boolean reaches(String address) {
        boolean number = isV6(address) || address.matches("[0-9.]+");
        return !number || this == BOTH || isV6(address) == (this == V6);
    }

    /** The endpoints to which a pod can connect, by those of their addresses that it can reach. */
    public List<MeshEndpoint> reached(List<MeshEndpoint> endpoints) {
        if (endpoints.stream()
                .allMatch(endpoint -> endpoint.addresses().stream().allMatch(this::reaches))) {
            return endpoints;
        }
        return endpoints.stream()
                .map(endpoint -> endpoint.at(
                        endpoint.addresses().stream().filter(this::reaches).toList()))
                .filter(endpoint -> !endpoint.addresses().isEmpty())
                .toList();
    }

    /** The addresses of a listener that takes what comes to any address of the pod. */
    public List<String> everywhere() {
        return switch (this) {
            case V4 -> List.of("0.0.0.0");
            case V6 -> List.of("::");
            case BOTH -> List.of("0.0.0.0", "::");
        };
    }
}
