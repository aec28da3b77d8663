package io.flotilla.envoy.endpoint;

import io.flotilla.api.mesh.v1alpha1.MeshNetworks;
import io.flotilla.api.mesh.v1alpha1.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The networks in which proxies and endpoints are, by Istio's MeshNetworks. */
public final class NetworkNames {
    /** The registry of the mesh's own cluster, as Istio names it in {@code fromRegistry}. */
    private static final String OWN_REGISTRY = "Kubernetes";

    private NetworkNames() {}

    /**
     * The network of something: the one that it tells, or the first by name of which a range has one of its addresses,
     * or the one that takes its endpoints from the registry; empty where there is none.
     *
     * @param told       by its label {@code topology.istio.io/network}, its node or its entry; may be empty
     * @param registered whether the registry of the mesh's own cluster has it
     */
    public static String of(MeshNetworks networks, String told, List<String> addresses, boolean registered) {
        if (!told.isEmpty() || networks.getNetworksCount() == 0) {
            return told;
        }
        return first(networks, range -> covers(range.getFromCidr(), addresses))
                .or(() -> registered
                        ? first(networks, range -> range.getFromRegistry().equals(OWN_REGISTRY))
                        : Optional.empty())
                .orElse("");
    }

    private static Optional<String> first(MeshNetworks networks, Predicate<Network.NetworkEndpoints> holds) {
        return new TreeMap<>(networks.getNetworksMap())
                .entrySet().stream()
                        .filter(entry ->
                                entry.getValue().getEndpointsList().stream().anyMatch(holds))
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    private static boolean covers(String range, List<String> addresses) {
        Optional<AddressRange> parsed = AddressRange.parse(range);
        return parsed.isPresent() && addresses.stream().anyMatch(parsed.get()::contains);
    }
}
