package io.flotilla.galley.mcp;

import io.flotilla.service.HostPort;

/**
 * Where another server is, and how it is spoken to.
 *
 * @param classic the protocol of Istio 1.1 instead of xDS
 * @param tls     TLS instead of plaintext
 */
record McpAddress(boolean classic, boolean tls, HostPort server) {
    /** Reads "xds://HOST:PORT", "xds+tls://...", "mcp://..." and "mcp+tls://...". */
    static McpAddress parse(String text) {
        int end = text.indexOf("://");
        String scheme = end < 0 ? "" : text.substring(0, end);
        HostPort server = HostPort.parse(text.substring(end < 0 ? 0 : end + 3));
        return switch (scheme) {
            case "xds" -> new McpAddress(false, false, server);
            case "xds+tls" -> new McpAddress(false, true, server);
            case "mcp" -> new McpAddress(true, false, server);
            case "mcp+tls" -> new McpAddress(true, true, server);
            default ->
                throw new IllegalStateException("flotilla.mcp.address \"" + text
                        + "\" is no address of a server; write xds://HOST:PORT, xds+tls://HOST:PORT, mcp://HOST:PORT"
                        + " or mcp+tls://HOST:PORT");
        };
    }
}
