package io.flotilla.envoy.endpoint;

import java.util.Map;

/** The labels by which Kubernetes and Istio say where a workload is. */
final class Places {
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";
    private static final String NETWORK = "topology.istio.io/network";

    private Places() {}

    /** A label's value, of the locality "region/zone/subzone" or the network where it stands for these; "" for none. */
    static String label(String name, String locality, String network, Map<String, String> labels) {
        return switch (name) {
            case REGION -> part(locality, 0);
            case ZONE -> part(locality, 1);
            case SUBZONE -> part(locality, 2);
            case NETWORK -> network;
            default -> labels.getOrDefault(name, "");
        };
    }

    private static String part(String locality, int index) {
        String[] parts = locality.split("/", 3);
        return index < parts.length ? parts[index] : "";
    }
}
