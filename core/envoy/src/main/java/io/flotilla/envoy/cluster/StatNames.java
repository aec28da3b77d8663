package io.flotilla.envoy.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.config.snapshot.ServicePort;

/**
 * Names under which Envoy counts what a cluster does, by a pattern of MeshConfig: "%SERVICE%_%SERVICE_PORT%". Empty
 * patterns leave the cluster's own name.
 */
final class StatNames {
    private StatNames() {}

    /** Names an outbound cluster. */
    static void outbound(Cluster.Builder cluster, String pattern, OutboundCluster.Target target, String subset) {
        if (pattern.isEmpty()) {
            return;
        }
        ServicePort port = target.port();
        cluster.setAltStatName(service(pattern, target.host())
                .replace("%SERVICE_PORT_NAME%", port.name())
                .replace("%SERVICE_PORT%", Integer.toString(port.number()))
                .replace("%TARGET_PORT%", Integer.toString(port.number()))
                .replace("%SUBSET_NAME%", subset));
    }

    /**
     * The name of a cluster of the application; empty for its own.
     *
     * @param operation "HOST:PORT/*" of the first service that leads there
     * @param port      that the application listens on
     */
    static String inbound(String pattern, String operation, int port) {
        String address = operation.substring(0, operation.indexOf('/'));
        int colon = address.lastIndexOf(':');
        return service(pattern, address.substring(0, colon))
                .replace("%SERVICE_PORT_NAME%", "")
                .replace("%SUBSET_NAME%", "")
                .replace("%SERVICE_PORT%", address.substring(colon + 1))
                .replace("%TARGET_PORT%", Integer.toString(port));
    }

    private static String service(String pattern, String host) {
        String[] parts = host.split("\\.", 3);
        String named = parts.length == 3 && parts[2].startsWith("svc.") ? parts[0] + "." + parts[1] : host;
        return pattern.replace("%SERVICE_FQDN%", host)
                .replace("%SERVICE_NAME%", parts[0])
                .replace("%SERVICE%", named);
    }
}
