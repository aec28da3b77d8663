package io.flotilla.telemetry.record;

import java.util.Optional;

/**
 * The name of an outbound cluster, "outbound|PORT|SUBSET|HOST", taken apart.
 *
 * @param port   of the service
 * @param subset may be empty
 * @param host   the service's host name
 */
record UpstreamCluster(int port, String subset, String host) {
    private static final int PARTS = 4;

    /** Empty for a cluster that is no service's: passthrough, blackhole, inbound, static. */
    static Optional<UpstreamCluster> parse(String name) {
        String[] parts = name.split("\\|", -1);
        if (parts.length != PARTS || !parts[0].equals("outbound") || !parts[1].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        return Optional.of(new UpstreamCluster(Integer.parseInt(parts[1]), parts[2], parts[3]));
    }
}
