package io.flotilla.envoy.simulation;

import java.util.List;
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
 * @param http10  the request is one of HTTP/1.0
 */
public record Call(To to, String method, String host, String path, Map<String, String> headers, boolean http10) {
    /**
     * A connection.
     *
     * @param address  that the application connects to
     * @param sni      server name of the TLS that it starts; empty: plaintext
     * @param source   address of the caller
     * @param alpn     what that TLS offers, the best first; members of the mesh are known by it
     */
    public record To(String address, int port, String sni, String source, List<String> alpn) {
        public To {
            alpn = List.copyOf(alpn);
        }

        /** Whose TLS, if any, offers nothing. */
        public To(String address, int port, String sni, String source) {
            this(address, port, sni, source, List.of());
        }

        /** Whether it begins with TLS. */
        public boolean tls() {
            return !sni.isEmpty() || !alpn.isEmpty();
        }
    }

    public Call {
        headers = java.util.Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** A request of HTTP/1.1, or of what is newer. */
    public Call(To to, String method, String host, String path, Map<String, String> headers) {
        this(to, method, host, path, headers, false);
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
        return new Call(to, method, host, path, all, http10);
    }

    /** To another address. */
    public Call to(String other) {
        return to(new To(other, to.port(), to.sni(), to.source(), to.alpn()));
    }

    /** From another address. */
    public Call from(String other) {
        return to(new To(to.address(), to.port(), to.sni(), other, to.alpn()));
    }

    /** Inside of TLS that the application itself starts. */
    public Call tls(String sni) {
        return to(new To(to.address(), to.port(), sni, to.source(), to.alpn()));
    }

    public Call method(String other) {
        return new Call(to, other, host, path, headers, http10);
    }

    /** Inside of TLS that offers these protocols, as a member of the mesh starts it. */
    public Call offering(List<String> alpn) {
        return to(new To(to.address(), to.port(), to.sni(), to.source(), alpn));
    }

    /** As HTTP/1.0. */
    public Call old() {
        return new Call(to, method, host, path, headers, true);
    }

    private Call to(To other) {
        return new Call(other, method, host, path, headers, http10);
    }
}
