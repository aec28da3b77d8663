package io.flotilla.envoy;

/** Names of clusters, as Istio's users know them from stats and dumps. */
public final class Names {
    /** Where connections to addresses that the mesh does not know go as they are. */
    public static final String PASSTHROUGH = "PassthroughCluster";

    /** Where connections to ports that no service declares go to the application. */
    public static final String INBOUND_PASSTHROUGH = "InboundPassthroughCluster";

    /** No endpoint: what goes there ends. */
    public static final String BLACK_HOLE = "BlackHoleCluster";

    /** Where requests to hosts that the mesh does not know go to the host itself. */
    public static final String ASKED_FOR = "AllowAnyDynamicDNSCluster";

    private Names() {}

    /** "outbound|PORT|SUBSET|HOST". */
    public static String outbound(int port, String subset, String host) {
        return "outbound|" + port + "|" + subset + "|" + host;
    }

    /** "inbound|PORT||", by the port that the application listens on. */
    public static String inbound(int port) {
        return "inbound|" + port + "||";
    }

    /** "default|ENDPOINT", what a gateway's server leads to by default. */
    public static String edgeDefault(String endpoint) {
        return "default|" + endpoint;
    }

    /** The SNI of mesh TLS, "outbound_.PORT_.SUBSET_.HOST": a cluster's name with what a host name may contain. */
    public static String sni(int port, String subset, String host) {
        return "outbound_." + port + "_." + subset + "_." + host;
    }
}
