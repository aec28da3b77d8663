package io.flotilla.injection;

/**
 * Which connections are captured; lists are separated by commas, "*" is all, empty is none.
 *
 * @param includeOutboundRanges destinations (CIDR) that are captured
 * @param excludeOutboundRanges destinations (CIDR) that are not
 * @param includeOutboundPorts  ports that are captured though their destination is not
 * @param excludeOutboundPorts  ports that are not
 * @param inbound               ports of the application
 * @param excludeInterfaces     network interfaces that are left alone
 */
public record CaptureScope(
        String includeOutboundRanges,
        String excludeOutboundRanges,
        String includeOutboundPorts,
        String excludeOutboundPorts,
        Inbound inbound,
        String excludeInterfaces) {
    /** All of a pod's TCP connections. */
    public static final CaptureScope ALL = new CaptureScope("*", "", "", "", new Inbound("*", ""), "");

    /**
     * Which of the application's ports are captured.
     *
     * @param includePorts ports that are captured
     * @param excludePorts ports that are not; the sidecar's own are added
     */
    public record Inbound(String includePorts, String excludePorts) {}
}
