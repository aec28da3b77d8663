package io.flotilla.service;

/** An address as settings write it: HOST:PORT, or [IPV6]:PORT. */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** As settings write it. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = colon < 1 ? "" : text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (!host.isEmpty() && port > 0 && port <= MAX_PORT) {
                return new HostPort(host, port);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not HOST:PORT", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not HOST:PORT");
    }
}
