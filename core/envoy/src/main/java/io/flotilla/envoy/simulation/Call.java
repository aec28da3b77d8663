package io.flotilla.envoy.simulation;

import java.util.Map;
import java.util.TreeMap;

/**
 * A request of an application, as its proxy meets it.
 *
 * @param to      where it connects to
 * @param method  of HTTP
 * @param host    the authority, with a port where the application writes one
 * @param path    with the query
 * @param headers names in lower case
 */
public record Call(To to, String method, String host, String path, Map<String, String> headers) {
    /**
     * A connection.
     *
     * @param address  that the application connects to
     * @param sni      server name of the TLS that it starts; empty: plaintext
     * @param source   address of the caller
     */
    public record To(String address, int port, String sni, String source) {}

    public Call {
        headers = java.util.Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** A GET to a service's name, connecting to its virtual address. */
    public static Call get(String host, int port, String path) {
        return new Call(new To("10.96.0.1", port, "", "10.44.0.9"), "GET", host, path, Map.of());
    }

    public String address() {
        return to.address();
    }

    public int port() {
        return to.port();
    }

    public Call with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Call(to, method, host, path, all);
    }

    /** To another address. */
    public Call to(String other) {
        return new Call(new To(other, to.port(), to.sni(), to.source()), method, host, path, headers);
    }

    /** From another address. */
    public Call from(String other) {
        return new Call(new To(to.address(), to.port(), to.sni(), other), method, host, path, headers);
    }

    /** Inside of TLS that the application itself starts. */
    public Call tls(String sni) {
        return new Call(new To(to.address(), to.port(), sni, to.source()), method, host, path, headers);
    }

    public Call method(String other) {
        return new Call(to, other, host, path, headers);
    }
}
